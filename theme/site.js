/* Small comforts on top of pages that work without them: text size, print, slides, wide tables. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("is-live");
}());
