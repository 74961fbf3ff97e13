// The Eleventy site of the benchmark.
import footnote from "markdown-it-footnote";
import site from "./_data/site.js";

const PAGE = 20;

/** The pages of one list, newest first. */
function paged(base, title, items, feed) {
  const newest = [...items].reverse();
  const pages = Math.ceil(newest.length / PAGE);
  const address = (number) => (number === 0 ? `${base}/index.html` : `${base}/${number + 1}.html`);
  return Array.from({ length: pages }, (_, number) => ({
    title,
    feed,
    number: number + 1,
    pages,
    total: newest.length,
    address: address(number),
    items: newest.slice(number * PAGE, (number + 1) * PAGE),
    first: number > 0 ? address(0) : null,
    newer: number > 0 ? address(number - 1) : null,
    older: number + 1 < pages ? address(number + 1) : null,
    last: number + 1 < pages ? address(pages - 1) : null,
  }));
}

/** Name -> articles, for a key that holds one name or several. */
function grouped(articles, key) {
  const groups = new Map();
  for (const article of articles) {
    for (const name of [key(article.data)].flat()) {
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(article);
    }
  }
  return groups;
}

/** The day and the minute in China, whatever the machine's time zone is. */
const china = (date) => new Date(date.getTime() + 8 * 3600 * 1000).toISOString();

export default function (config) {
  config.addPassthroughCopy("media");
  config.addPassthroughCopy("theme");
  config.amendLibrary("md", (markdown) => markdown.use(footnote));

  config.addFilter("day", (date) => china(date).slice(0, 10));
  config.addFilter("minute", (date) => china(date).slice(0, 16).replace("T", " "));
  config.addFilter("iso", (date) => `${china(date).slice(0, 19)}+08:00`);
  config.addFilter("rfc822", (date) => date.toUTCString());
  config.addFilter("json", (value) => JSON.stringify(value));
  config.addFilter("brief", (html) => html.replace(/<[^>]*>/g, "").trim().slice(0, 100) + "…");

  config.addCollection("articles", (api) => {
    const articles = api.getFilteredByGlob("content/**/*.md");
    for (const group of grouped(articles, (data) => data.section).values()) {
      group.forEach((article, place) => {
        article.data.older = group[place - 1];
        article.data.newer = group[place + 1];
      });
    }
    return articles;
  });
  config.addCollection("lists", (api) => {
    const articles = api.getFilteredByGlob("content/**/*.md");
    const of = (key, base, title = (name) => name, feed = () => null) =>
      [...grouped(articles, key)].flatMap(([name, items]) => paged(`${base}${name}`, title(name), items, feed(name)));
    return [
      ...of((data) => data.section, "", (name) => site.sections[name], (name) => `${name}/feed.xml`),
      ...of((data) => data.topics, "tags/"),
      ...of((data) => data.branches, "branches-of/"),
      ...of((data) => china(data.page.date).slice(0, 4), "archive/", (year) => `归档：${year}年`),
    ];
  });
  config.addCollection("bySection", (api) => {
    const groups = grouped(api.getFilteredByGlob("content/**/*.md"), (data) => data.section);
    return Object.keys(site.sections)
      .filter((name) => groups.has(name))
      .map((name) => ({ name, title: site.sections[name], newest: groups.get(name).slice(-20).reverse() }));
  });
  config.addCollection("terms", (api) => {
    const articles = api.getFilteredByGlob("content/**/*.md");
    const counted = (key) => [...grouped(articles, key)].map(([name, items]) => ({ name, count: items.length }));
    return [
      { base: "tags", title: "标签", terms: counted((data) => data.topics) },
      { base: "branches-of", title: "支部", terms: counted((data) => data.branches) },
    ];
  });

  return {
    dir: { input: ".", output: "public" },
    templateFormats: ["md", "njk"],
    markdownTemplateEngine: false,
  };
}
