"""How the dialects describe their calls to tools: what their OpenAPI documents share."""
