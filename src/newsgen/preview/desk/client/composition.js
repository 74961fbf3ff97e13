/* Whether an input method composes: from compositionstart to a moment after compositionend, as some browsers put the text in after
   that event, some before. Where one composition follows another within one key, both are one. */

export class Composition {
  /** Follows what happens in an element. `begins()` and `ended()` are called around each composition. */
  constructor(element, { begins = () => {}, ended = () => {} } = {}) {
    this.place = null; // the control in which something is composed
    this.isOpen = false; // the word is not chosen yet
    this.waiting = []; // what is to be done once nothing is
    element.addEventListener("compositionstart", ({ target }) => {
      clearTimeout(this.timer);
      if (!this.isOn) begins();
      this.place = target;
      this.isOpen = true;
    });
    element.addEventListener("compositionend", () => {
      this.isOpen = false;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        this.place = null;
        ended();
        for (const action of this.waiting.splice(0)) action();
      });
    });
  }

  /** A control that was taken out of the page composes no more, though nothing said so. */
  get isOn() {
    return Boolean(this.place?.isConnected);
  }

  /** Does something as soon as nothing is composed. */
  whenStill(action) {
    if (this.isOn) this.waiting.push(action);
    else action();
  }
}
