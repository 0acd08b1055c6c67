/* The reference of the API: Swagger UI over the document, in the theme of the page. */
(() => {
  "use strict";

  const holder = document.getElementById("reference");
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function dress() {
    const theme = document.documentElement.dataset.theme;
    const isDark = theme ? theme === "dark" : dark.matches;
    document.documentElement.classList.toggle("dark-mode", isDark);
  }

  function cookie(name) {
    const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  dress();
  dark.addEventListener("change", dress);
  SwaggerUIBundle({
    url: holder.dataset.document,
    domNode: holder,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    filter: true,
    validatorUrl: null,
    requestInterceptor: (request) => {
      if (new URL(request.url, location.href).origin === location.origin) {
        request.headers["X-CSRFToken"] = cookie("csrftoken");
      }
      return request;
    },
  });
})();
