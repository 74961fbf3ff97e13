"""Publishing: a built site becomes a release on a server, wholly or not at all.

`targets` (site.yaml) leads to a `transport` (local, ssh, sftp); `target_state` is what newsgen keeps there, `lock` keeps
publishers apart; a `release` is staged (`staging`) and made live by one of two `layouts` (symlink, flat), each of which states
for every step what a crash there leaves. `publish` composes them: publish and roll back; `status` looks: releases and verify.
Before, check.output looks at what was built; after, `http_check` at what readers get.
"""
