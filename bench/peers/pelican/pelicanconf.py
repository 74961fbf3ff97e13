"""The Pelican site of the benchmark."""

SITENAME = "党群工作"
SITEURL = "https://sm.example.edu.cn/dqgz"
SITESUBTITLE = "管理学院党群工作网：通知公告、会议动态、理论学习、支部风采。"
ORGANIZATION = "管理学院"
HOME = "https://sm.example.edu.cn/"
KEYWORDS = "党建,支部,群团,管理学院"
SECTIONS = {
    "notices": "通知公告",
    "meetings": "会议动态",
    "theory": "理论学习",
    "organization": "组织建设",
    "branches": "支部风采",
    "union": "群团工作",
    "students": "学生园地",
    "topics": "专题专栏",
}

PATH = "content"
OUTPUT_PATH = "public"
STATIC_PATHS = ["media"]
THEME = "theme"
THEME_STATIC_DIR = "theme"
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "zh-CN"
DEFAULT_DATE_FORMAT = "%Y-%m-%d"

ARTICLE_URL = ARTICLE_SAVE_AS = "{category}/{date:%Y}/{date:%m%d}-{slug}.html"
CATEGORY_URL = CATEGORY_SAVE_AS = "{slug}/index.html"
TAG_URL = TAG_SAVE_AS = "tags/{slug}/index.html"
TAGS_SAVE_AS = "tags/index.html"
YEAR_ARCHIVE_URL = YEAR_ARCHIVE_SAVE_AS = "archive/{date:%Y}/index.html"
ARCHIVES_SAVE_AS = AUTHORS_SAVE_AS = CATEGORIES_SAVE_AS = AUTHOR_SAVE_AS = ""
DIRECT_TEMPLATES = ["index", "tags", "sitemap"]
SITEMAP_SAVE_AS = "sitemap.xml"

DEFAULT_PAGINATION = 20
PAGINATED_TEMPLATES = {"category": None, "tag": None, "period_archives": None}

FEED_RSS = "feed.xml"
CATEGORY_FEED_RSS = "{slug}/feed.xml"
FEED_MAX_ITEMS = 20
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None

MARKDOWN = {
    "extension_configs": {
        "markdown.extensions.tables": {},
        "markdown.extensions.footnotes": {},
        "markdown.extensions.meta": {},
    },
    "output_format": "html5",
}
SUMMARY_MAX_LENGTH = None
SUMMARY_MAX_PARAGRAPHS = 1

PLUGINS = ["pelican.plugins.neighbors"]

# What Pelican offers against doing everything again: parsed texts are kept, and taken again where the file's time is old.
CACHE_CONTENT = LOAD_CONTENT_CACHE = True
CONTENT_CACHING_LAYER = "reader"
CHECK_MODIFIED_METHOD = "mtime"
STATIC_CHECK_IF_MODIFIED = True
