"""The rules by family; registry.py gathers them.

punctuation.py     marks, quotes, brackets, blanks
numbering.py       一、（一）1. in order
words.py           doubled characters, pairs of words that are often mistaken
facts.py           dates, weekdays, counts, sums that contradict each other
phrases.py         set phrases and people, by the lexicon and the roster
personal_data.py   numbers of people: identity cards, telephones, bank cards
links.py           links that are hidden, imitate others, or lead out of the site
pictures.py        captions, and pictures of what should be text
files.py           attachments and names of files
site.py            columns that stand empty or still, articles without an author
"""
