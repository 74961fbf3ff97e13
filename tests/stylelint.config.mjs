/* Which of the desk's, the preview's and the theme's styles browsers of five years ago do not know. */

/** What they may be without: all is there and can be used, it looks or moves a little less well. */
const GRACEFUL = [
  "background-attachment", // no shadow at the edge of a wide table, where "local" is not known
  "css-color-adjust", // paper without the colours of the screen
  "css-focus-visible", // the ring is taken away where it is known that nobody needs it, never the other way round
  "css-overscroll-behavior",
  "css-paged-media",
  "css-resize",
  "css-scroll-behavior",
  "css-scrollbar",
  "css-touch-action",
  "css-widows-orphans",
  "css3-cursors-grab",
  "css3-cursors-newer",
  "text-size-adjust",
  "viewport-unit-variants", // the same in vh stands before it
];

/** What the tables behind the plugin do not have; `text-wrap` may be done without. */
const NEWER = ["/^container/", "/^text-box/", "/^anchor-/", "/^position-/", "/^view-transition/", "/-timeline$/",
  "content-visibility", "field-sizing", "interpolate-size", "rotate", "scale", "translate"];

export default {
  plugins: ["stylelint-no-unsupported-browser-features"],
  rules: {
    "property-disallowed-list": NEWER,
    "declaration-property-value-disallowed-list": { "/./": ["/subgrid|color-mix\\(|light-dark\\(|oklch\\(|oklab\\(|anchor\\(/"] },
    "plugin/no-unsupported-browser-features": [true, {
      browsers: ["chrome >= 96", "firefox >= 94", "safari >= 15", "ios_saf >= 15"],
      ignore: GRACEFUL,
      ignorePartialSupport: true,
    }],
  },
};
