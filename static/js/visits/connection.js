// How pages of site visits speak with the server.
import { csrfToken, NEW_TOKEN, renewToken } from "../page/token.js";

let token = "";

const isJson = (response) => (response.headers.get("Content-Type") ?? "").startsWith("application/json");

/** Who is signed in. An answer that leads to another page leads to the one where to sign in. */
export async function session() {
  const response = await fetch("/desk/visits/session", { headers: { Accept: "application/json" }, cache: "no-store" }).catch(() => null);
  if (!response) return { status: 0 };
  if (response.redirected || response.status === 403 || !isJson(response)) return { status: response.status >= 500 ? 503 : 401 };
  renewToken(response.headers.get(NEW_TOKEN));
  token = response.headers.get(NEW_TOKEN) ?? csrfToken();
  return { status: 200, ...(await response.json()) };
}

export async function post(path, fields) {
  const body = new FormData();
  for (const [name, value, file] of fields) file ? body.append(name, value, file) : body.append(name, value);
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  const response = await fetch(path, { method: "POST", body, headers }).catch(() => null);
  if (!response) return { status: 0, answer: {} };
  if (response.redirected) return { status: 401, answer: {} };
  return { status: response.status, answer: isJson(response) ? await response.json() : {} };
}

/** What is to be kept of one visit; null when it cannot be had. */
export async function takeAlong(caseId, stage) {
  const path = `/desk/visits/${caseId}/stages/${encodeURIComponent(stage)}`;
  const response = await fetch(path, { headers: { Accept: "application/json" } }).catch(() => null);
  return response?.ok && !response.redirected && isJson(response) ? response.json() : null;
}
