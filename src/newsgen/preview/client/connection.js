/*
  The preview in the browser. client_files.py makes one script of the files of this folder, since a shared worker that is a
  module is unknown to browsers of before 2023. It is two programs: as a shared worker it holds the one connection to the
  server for all tabs (a browser allows six per server, so a seventh tab would hang); in a page it does everything that one sees.

  facts: what inject.py put into the page. state: what the server tells after every build.

  First, the connection: the events of the server, asked for again wherever they stop.
*/

const HOME = "/.newsgen/";
const LATE = 3000; // an answer that takes longer never comes: the machine slept, or the network is another

/** Tells `{state}` after every build and `{lost: true}` when the server is gone; tries again for ever. */
function connect(hear) {
  let source = null;
  let timer = 0;
  let pause = 250;
  let heard = 0;
  let ticked = Date.now();

  function close() {
    clearTimeout(timer);
    if (source) source.close();
    source = null;
  }

  function alive() {
    clearTimeout(timer);
    pause = 250;
    heard = Date.now();
  }

  function lost() {
    close();
    hear({ lost: true });
    timer = setTimeout(open, pause);
    pause = Math.min(pause * 2, 2000);
  }

  function open() {
    close();
    heard = Date.now();
    source = new EventSource(`${HOME}events`);
    timer = setTimeout(lost, LATE);
    source.addEventListener("open", alive);
    source.addEventListener("error", lost);
    source.addEventListener("state", (event) => {
      alive();
      hear({ state: JSON.parse(event.data) });
    });
  }

  /* A connection that slept looks open and is dead. Asking anew costs nothing and brings the state. */
  setInterval(() => {
    if (source && Date.now() - ticked > 3 * LATE) open();
    ticked = Date.now();
  }, LATE);

  open();
  return { close, wake() { if (!source || Date.now() - heard > LATE) open(); } };
}
