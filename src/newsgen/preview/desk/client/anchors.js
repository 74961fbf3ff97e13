/* Places in the text that are kept while it changes: where something will be put that is still on its way. */

import { difference, moved } from "./undo.js";

const kept = new WeakMap(); // TextArea -> {text, anchors}

function registry(textArea) {
  if (!kept.has(textArea)) kept.set(textArea, { text: textArea.text, anchors: [] });
  return kept.get(textArea);
}

/** To be called by a TextArea after each change of its text. */
export function follow(textArea) {
  const known = registry(textArea);
  const change = difference(known.text, textArea.text);
  known.text = textArea.text;
  if (change.gone === change.come) return;
  for (const anchor of known.anchors) {
    anchor.from = moved(anchor.from, change);
    anchor.to = Math.max(anchor.from, moved(anchor.to, change));
  }
}

/** A span of the text, as it lies there at any moment: {from, to}; `release()` ends it. */
export function anchor(textArea, from, to = from) {
  const known = registry(textArea);
  const made = { from, to, release: () => { known.anchors = known.anchors.filter((other) => other !== made); } };
  known.anchors.push(made);
  return made;
}

/** Puts an edit of photo_text.js or markdown_edits.js into the text; what waits for the same place comes behind it. */
export function putAt(textArea, own, edit) {
  const known = registry(textArea);
  const later = known.anchors.slice(known.anchors.indexOf(own) + 1).filter((other) => other.from >= edit.from && other.from <= edit.to);
  textArea.put(edit);
  const end = edit.from + edit.text.length;
  for (const other of later) {
    other.to = Math.max(end, other.to);
    other.from = end;
  }
}
