"""Sign-off: which version of an article readers may see, by the decisions recorded in its front matter.

policy           `reviews:` of site.yaml                              config/reviews_section.py
digest           what is approved of an article                       content/approval.py
standing.py      policy, decisions, digest -> what holds, who signs next
kept.py          approved/: the approved versions of articles that were edited since
proofs.py        SSH signatures over decisions
article.py       one article as those see it who sign it
effective.py     all articles -> what readers may see of each
"""
