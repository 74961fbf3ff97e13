/* Calls to the desk's API. Every failure is an ApiError with a message and a hint in Chinese. */

const BASE = "api/";
const LATE = 30_000; // ms after which an answer is not waited for

export class ApiError extends Error {
  constructor(status, data) {
    super(data.message);
    this.status = status; // 0: nobody answered
    this.code = data.error;
    this.hint = data.hint || "";
    this.data = data;
  }

  /** Whether the same request may succeed later: what was typed must be kept and sent again. */
  get isPassing() {
    return this.status === 0 || this.status >= 500;
  }
}

const AGAIN = "请再双击一次“写稿”，这里会自动接上";
const ANEW = "请关掉那个黑色（或白色）的窗口，再双击一次“写稿”";
const ANEW_ELSEWHERE = "请告诉管网站的人：写稿台要关掉，再开一次";
const OVER_NETWORK = "请看看网络通不通；接上以后，这里会自动保存";

export const server = {
  isElsewhere: false, // on another computer: nobody can start it here
  /** What a person can do when it does not answer. */
  get wayBack() {
    return server.isElsewhere ? OVER_NETWORK : AGAIN;
  },
  /** What a person can do when it still runs a program that was updated meanwhile. */
  get newStart() {
    return server.isElsewhere ? ANEW_ELSEWHERE : ANEW;
  },
};

const unreached = () => new ApiError(0, {
  error: "unreached", message: "连不上写稿台", hint: `写的内容还在这个网页里，先不要关。${server.wayBack}`,
});

/** The JSON answer to a request; `body` is sent as JSON, a Blob as it is. */
export async function call(method, path, body, { signal, late = LATE } = {}) {
  const isRaw = body instanceof Blob;
  const headers = body === undefined || isRaw ? {} : { "Content-Type": "application/json" };
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), late);
  signal?.addEventListener("abort", () => timer.abort());
  let answer;
  let data;
  try {
    answer = await fetch(BASE + path, {
      method,
      headers,
      body: body === undefined || isRaw ? body : JSON.stringify(body),
      cache: "no-store",
      signal: timer.signal,
    });
    data = await answer.json();
  } catch {
    throw unreached();
  } finally {
    clearTimeout(timeout);
  }
  if (!answer.ok) throw new ApiError(answer.status, data);
  return data;
}

/** The address of an endpoint with its parameters. */
export function address(path, parameters) {
  return `${path}?${new URLSearchParams(parameters)}`;
}
