const china = (date) => new Date(date.getTime() + 8 * 3600 * 1000).toISOString();

export default {
  layout: "article.njk",
  permalink: (data) => {
    const day = china(data.page.date);
    return `${data.section}/${day.slice(0, 4)}/${day.slice(5, 7)}${day.slice(8, 10)}-${data.slug}.html`;
  },
};
