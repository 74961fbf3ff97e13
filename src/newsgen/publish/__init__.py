"""Publishing: a built site becomes a release on a server, wholly or not at all.

`targets` (site.yaml) leads to a far side (`far`: `folder`, `ssh`, `sftp`); `place` is what newsgen keeps there, `turn`
keeps publishers apart; a `release` is staged (`staging`) and made live by one of two protocols (`layout`: `flip`, `flat`),
each of which states for every step what a crash there leaves. `sending` composes them: publish and roll back; `inventory`
looks: releases and verify. Before, `inspect` looks at what was built; after, `live` at what readers get.
"""
