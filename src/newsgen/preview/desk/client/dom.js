/* Elements, made of texts and other elements: never of HTML, so that nothing that somebody typed is run. */

import { Composition } from "./composition.js";

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "selected"]);

/** An element with attributes, properties (`on…`, `value`, `checked`, …) and children; null and false are left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    if (PROPERTIES.has(name)) element[name] = value;
    else if (value === false) continue;
    else if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  return element;
}

/**
 * A button whose action runs once at a time: what it began is done before it can be pressed again. It keeps the focus meanwhile.
 * `action` is async; `fail` is told of its error.
 */
export function actionButton(text, title, action, fail) {
  const button = make("button", { type: "button", text, title, onclick: press });
  function press() {
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    action().catch(fail).finally(() => button.removeAttribute("aria-disabled"));
  }
  return button;
}

/** Puts elements into a list in an order, without moving those that stand right: what has the focus keeps it. */
export function inOrder(list, elements) {
  elements.forEach((element, index) => {
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
  });
}

/** Takes an element out of the page; where it had the focus, that goes to `next` (an element, or a function that gives one then). */
export function takeOut(element, next) {
  const hadFocus = element.contains(document.activeElement);
  element.remove();
  if (hadFocus) (typeof next === "function" ? next() : next)?.focus();
}

const composition = new Composition(document);
let dialogs = 0;

/**
 * A dialog that is shown at once; where an input method composes, as soon as it is done. `content` are elements, `buttons` are
 * [text, value, class], or links; class "main" is the button that Enter presses. Gives the value chosen, null when it was closed.
 * A value that is a function, async or not, is called, and its result given; where that is undefined, the dialog stays.
 */
export function ask(title, content, buttons, kind = "") {
  return new Promise((resolve) => {
    let before = null;
    const id = `dialog-${(dialogs += 1)}`;
    function close(value) {
      dialog.remove(); // not close(): that gives the focus back itself, and Chromium then puts the caret of a text to its start
      if (before && before.isConnected) before.focus({ preventScroll: true });
      resolve(value);
    }
    let isBusy = false;
    function choose(value) {
      if (isBusy) return;
      const found = typeof value === "function" ? value() : value;
      if (!(found instanceof Promise)) return void (found !== undefined && close(found));
      isBusy = true;
      found.then((later) => { if (later !== undefined && dialog.isConnected) close(later); }).finally(() => { isBusy = false; });
    }
    const main = buttons.find((given) => given[2] === "main");
    const form = make("form", { class: "inside" },
      make("h2", { id, text: title }),
      make("div", { class: "content" }, content),
      make("p", { class: "buttons" }, buttons.map((given) => (Array.isArray(given) ? buttonOf(given, choose) : given))));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (main) choose(main[1]);
    });
    const dialog = make("dialog", { "aria-labelledby": id, class: `ask ${kind}` }, form);
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      close(null);
    });
    composition.whenStill(() => {
      before = document.activeElement;
      show(dialog, () => close(null));
    });
  });
}

function buttonOf([text, value, look], choose) {
  const isMain = look === "main";
  return make("button", { type: isMain ? "submit" : "button", class: look || "", text, onclick: isMain ? null : () => choose(value) });
}

function show(dialog, close) {
  document.body.append(dialog);
  if (dialog.showModal) {
    dialog.showModal();
    return;
  }
  /* Browsers of 2021 and before: shown above the page all the same. */
  dialog.classList.add("plain");
  dialog.setAttribute("role", "dialog");
  dialog.setAttribute("aria-modal", "true");
  dialog.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  const first = dialog.querySelector("input, select, textarea, button");
  if (first) first.focus();
}

/** A text whose moments (2024-03-13 09:30) stand in one line. */
const unbroken = (text) => text.replace(/(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})/g, "$1\u00a0$2");

/** A labelled control: the label, the control, and below it a hint and a place for a fault. */
export function labelled(text, control, { hint = "", id, required = false, kind = "" } = {}) {
  control.id = id;
  const notes = [];
  if (hint) notes.push(make("p", { class: "hint", id: `${id}-hint`, text: unbroken(hint) }));
  const fault = make("p", { class: "fault", id: `${id}-fault`, hidden: true });
  control.setAttribute("aria-describedby", [hint ? `${id}-hint` : "", `${id}-fault`].filter(Boolean).join(" "));
  if (required) control.setAttribute("aria-required", "true");
  const label = make("label", { for: id }, text, required && make("span", { class: "needed", text: "必填" }));
  return make("div", { class: `field ${kind}` }, label, control, ...notes, fault);
}

/** Says at a control made by labelled() what is wrong with its value; "" takes it back. */
export function setFault(control, text) {
  const place = document.getElementById(`${control.id}-fault`);
  if (!place) return;
  place.textContent = text;
  place.hidden = !text;
  if (text) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}
