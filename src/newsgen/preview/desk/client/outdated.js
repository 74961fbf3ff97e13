/* Whether the modules that this page loaded are those that the server has now. */

const IMPORTED = /(?:\bfrom|\bimport\(?)\s*"(\.\/[^"]+\.js)"/g;

/**
 * Whether the server answers, and has a module no more that this page or one of its modules asks for: the program was updated while
 * the page was open, or while the server ran. Nobody answering is no such case.
 */
export async function isOutdated(address = new URL("app.js", import.meta.url), seen = new Set()) {
  if (seen.has(address.href)) return false;
  seen.add(address.href);
  let answer;
  let text;
  try {
    answer = await fetch(address, { cache: "no-store" });
    text = await answer.text();
  } catch {
    return false;
  }
  if (!answer.ok) return answer.status === 404;
  const found = [...text.matchAll(IMPORTED)].map(([, name]) => isOutdated(new URL(name, address), seen));
  return (await Promise.all(found)).includes(true);
}
