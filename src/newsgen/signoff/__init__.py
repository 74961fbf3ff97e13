"""Sign-off: which version of an article readers may see, by the decisions recorded in its front matter.

policy               `reviews:` of site.yaml                  config/reviews_section.py
digest               of the approved parts of an article      content/approval.py
standing.py          policy, decisions, digest -> the approval that holds, and who signs next
kept_versions.py     approved/: the approved versions of articles that were edited since
ssh_signatures.py    SSH signatures over decisions
article.py           one article as its reviewers see it
visible_versions.py  all articles -> the version that readers may see of each
form.py              the 审批单 as a page; word_form.py: as a Word file
version_diff.py      the changes of an article since it was approved
"""
