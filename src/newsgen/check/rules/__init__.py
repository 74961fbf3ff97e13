"""The rules by family; registry.py gathers them.

punctuation.py     marks, quotes, brackets, blanks; titles.py: those in titles
numbering.py       一、（一）1. in order
words.py           doubled characters, confused pairs of words; confusions.py: wrong forms of set words
facts.py           dates, weekdays, counts, sums that contradict each other; quantities.py: within a paragraph
repeats.py         lines of the body that repeat the title, author or date
phrases.py         set phrases and people, by the lexicon and the roster
personal_data.py   numbers of people: identity cards, telephones, bank cards; columns.py: in tables
reviews.py         articles without approval, signatures that do not count
links.py           links that are hidden, imitate others, or lead out of the site
pictures.py        captions, and pictures of text
files.py           attachments and names of files
site.py            sections that are empty or have no news, articles without an author
"""
