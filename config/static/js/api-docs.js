"use strict";
// Swagger UI over our own schema; a session's CSRF token is not readable here, so "try it" is for bearer tokens.
window.addEventListener("DOMContentLoaded", () => {
  const docs = document.getElementById("docs");
  SwaggerUIBundle({
    url: docs.dataset.schema,
    domNode: docs,
    deepLinking: true,
    docExpansion: "list",
    persistAuthorization: false,
    validatorUrl: null,
    withCredentials: false,
  });
});
