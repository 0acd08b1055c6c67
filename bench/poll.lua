-- wrk script: every request is the poll of the next device. TOKENS names a file, one token a line.
local tokens, turn = {}, 0
for token in io.lines(os.getenv("TOKENS")) do tokens[#tokens + 1] = token end

function request()
  turn = turn % #tokens + 1
  return wrk.format("POST", "/api/devices/v2/deployments/device/deployments/next", {
    ["Authorization"] = "Bearer " .. tokens[turn],
    ["Content-Type"] = "application/json",
  }, '{"device_provides":{"device_type":"bench","artifact_name":"before"}}')
end
