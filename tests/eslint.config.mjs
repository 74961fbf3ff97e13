/* Which of the desk's, the preview's and the theme's scripts would not run in browsers of five years ago. */

import compat from "eslint-plugin-compat";
import esX from "eslint-plugin-es-x";

/** What stands in the language's standard of 2021. A name alone does not tell an array from an iterator, nor a method from our own. */
const language = Object.entries(esX.configs["flat/restrict-to-es2021"].rules)
  .filter(([name]) => !/iterator-prototype|(array|string)-prototype-at$/.test(name));

const CALL = "CallExpression[callee.property.name";
const HELPERS = "/^(map|filter|find|some|every|reduce|take|drop|flatMap|forEach|toArray)$/";
const refused = [
  [`${CALL}='at']`, "at() came with Safari 15.4"],
  [`${CALL}=${HELPERS}][callee.object.callee.property.name=/^(values|keys|entries|matchAll)$/]:not([callee.object.callee.object.name=/^(Object|Array)$/])`,
    "methods of iterators came with Safari 18.4"],
  ["MemberExpression[object.name='AbortSignal'][property.name=/^(timeout|any)$/]", "came with Safari 16 and later"],
  ["MemberExpression[property.name=/^(inert|showPopover|togglePopover|checkVisibility|showPicker|moveBefore|scrollIntoViewIfNeeded)$/]", "newer than Safari 15"],
].map(([selector, message]) => ({ selector, message }));

export default [{
  files: ["**/*.js"],
  linterOptions: { reportUnusedDisableDirectives: "error" },
  plugins: { compat, "es-x": esX },
  rules: { ...Object.fromEntries(language), "compat/compat": "error", "no-restricted-syntax": ["error", ...refused] },
  settings: { "es-x": { aggressive: true }, lintAllEsApis: true, targets: ["chrome >= 96", "firefox >= 94", "safari >= 15"] },
}];
