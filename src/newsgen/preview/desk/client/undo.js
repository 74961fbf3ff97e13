/* One undo for the text, the fields of the form and whatever was inserted. The browser's own knows one control at a time,
   and forgets when a script writes into it. */

const MOST = 1000; // steps that are kept
const TOGETHER = 1500; // ms within which what is typed at one place is one step

/** What turned `before` into `after`: from `at` on, `gone` became `come`. */
export function difference(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { at: start, gone: before.slice(start, before.length - end), come: after.slice(start, after.length - end) };
}

/** Where a place in a text lies after a change of it. */
export function moved(place, { at, gone, come }) {
  if (place <= at) return place;
  return place >= at + gone.length ? place + come.length - gone.length : at + come.length;
}

/** Where a place lies in a text that was changed at several places at once: with the words of its line, else those above it. */
export function placeAfter(before, after, place) {
  const change = difference(before, after);
  const { at, gone, come } = change;
  if (place <= at || place >= at + gone.length) return moved(place, change);
  for (let start = place; start > at; start -= 1) {
    start = before.lastIndexOf("\n", start - 1) + 1;
    const line = before.slice(start).split("\n", 1)[0];
    const found = come.indexOf(line);
    const isSure = line.trim() && found >= 0 && come.lastIndexOf(line) === found && gone.indexOf(line) === gone.lastIndexOf(line);
    if (isSure && before.slice(start, place) === after.slice(at + found, at + found + place - start)) return at + found + place - start;
  }
  return moved(place, change);
}

/**
 * The steps. `apply(target, change, selection)` carries out a change: of the text (`target` "body", {at, gone, come}) or of a field
 * ({gone, come}: whole values).
 */
export class Undo {
  constructor(apply, changed = () => {}) {
    this.apply = apply;
    this.changed = changed;
    this.done = [];
    this.undone = [];
    this.isApart = true; // the next step begins a new one
  }

  /** A step that was just done. `selection` is that before it. */
  record(target, change, selection = null, isTyping = false) {
    if (change.gone === change.come) return;
    this.undone = [];
    const now = Date.now();
    const last = this.done[this.done.length - 1];
    if (last && isTyping && !this.isApart && last.isTyping && last.target === target && now - last.time < TOGETHER && this.joins(last.change, change)) {
      last.time = now;
    } else {
      this.done.push({ target, change: { ...change }, selection, isTyping, time: now });
      if (this.done.length > MOST) this.done.shift();
    }
    this.isApart = !isTyping || /\n$/.test(change.come);
    this.changed();
  }

  /** Ends a step: the caret went elsewhere, or something was saved by hand. */
  part() {
    this.isApart = true;
  }

  /** Takes a change into the step before where one goes on from the other. */
  joins(last, change) {
    if (change.at === undefined) {
      last.come = change.come;
      return true;
    }
    if (!change.gone && change.at === last.at + last.come.length) {
      last.come += change.come;
      return true;
    }
    if (!change.come && !last.come && change.at + change.gone.length === last.at) {
      last.at = change.at;
      last.gone = change.gone + last.gone;
      return true;
    }
    if (!change.come && !last.come && change.at === last.at) {
      last.gone += change.gone;
      return true;
    }
    return false;
  }

  undo() {
    const step = this.done.pop();
    if (!step) return false;
    this.undone.push(step);
    const { at, gone, come } = step.change;
    this.apply(step.target, { at, gone: come, come: gone }, step.selection);
    this.isApart = true;
    this.changed();
    return true;
  }

  redo() {
    const step = this.undone.pop();
    if (!step) return false;
    this.done.push(step);
    this.apply(step.target, step.change, null);
    this.isApart = true;
    this.changed();
    return true;
  }
}
