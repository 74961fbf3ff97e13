/* Files to the server, two at a time, with how far each has come. */

import { ApiError } from "./api.js";

const BASE = "api/";
const AT_ONCE = 2;
const SILENT = 60_000; // ms without any progress after which nobody is there any more
const UNREACHED = { error: "unreached", message: "连不上写稿台，文件没有放进来", hint: "请再双击一次“写稿”，然后把文件再拖进来" };

let running = 0;
const waiting = [];

/** Sends a file; `progress(share)` is called with 0 to 1. Gives the answer; `signal` ends it. */
export function send(method, path, file, { progress = () => {}, signal } = {}) {
  return new Promise((resolve, reject) => {
    const begin = () => {
      running += 1;
      transfer(method, path, file, progress, signal).then(resolve, reject).finally(() => {
        running -= 1;
        waiting.shift()?.();
      });
    };
    if (signal?.aborted) return void reject(new DOMException("", "AbortError"));
    if (running < AT_ONCE) return void begin();
    waiting.push(begin);
    signal?.addEventListener("abort", () => {
      const at = waiting.indexOf(begin);
      if (at < 0) return; // under way by now
      waiting.splice(at, 1);
      reject(new DOMException("", "AbortError"));
    });
    return undefined;
  });
}

function transfer(method, path, file, progress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer = 0;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), SILENT);
    };
    request.open(method, BASE + path);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      wait();
      progress(total ? loaded / total : 0);
    });
    request.addEventListener("loadend", () => {
      clearTimeout(timer);
      if (signal?.aborted) return reject(new DOMException("", "AbortError"));
      let data = null;
      try {
        data = JSON.parse(request.responseText);
      } catch {
        return reject(new ApiError(0, UNREACHED));
      }
      return request.status >= 200 && request.status < 300 ? resolve(data) : reject(new ApiError(request.status, data));
    });
    signal?.addEventListener("abort", () => request.abort());
    wait();
    request.send(file);
  });
}
