"""Publishing: a built site becomes a release on a server, wholly or not at all.

`targets` (site.yaml) leads to a `transport` (local, ssh, sftp); `target_state` is what newsgen stores there, `lock`
lets one publisher in at a time; a `release` is staged (`staging`) and made live by one of two `layouts` (symlink,
flat), each of which states for every step what a crash there leaves. `publish` composes them: publish and roll back;
`status` only reads: releases and verify; `diff` tells two releases
apart, `signing` signs them, `list_cache` keeps their lists, `withdrawals` forbids the way back to some. `register` has who
approved what, `command_output` puts results into words. Before, check.output inspects what was built; after, `go_live` and
`http_check` check what readers get.
"""
