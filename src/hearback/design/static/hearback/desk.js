/* The workspace: says so when a step could not be sent, and takes it back when the next one could. */
"use strict";

const said = (hidden) => () => {
  document.getElementById("unsent").hidden = hidden;
};

document.addEventListener("htmx:sendError", said(false));
document.addEventListener("htmx:beforeRequest", said(true));
document.addEventListener("htmx:beforeRequest", () => document.getElementById("failed").replaceChildren());
