"""Publishing: a built site becomes a release on a server, completely or not at all.

`publish` composes publishing and rolling back. `targets` opens the `transport` (local, ssh, sftp) of a target in
site.yaml; `target_state` holds newsgen's own files there, and `lock` admits one publisher at a time. A `release` is
staged (`staging`) and made live by one of two `layouts` (symlink, flat), whose tables state what a crash in each step
leaves. `status` only reads: it lists releases and verifies the live one. `diff` compares two releases, `signing` signs
them, `list_cache` caches their lists, `withdrawals` refuses to restore some. `register` lists who approved which
version; `command_output` formats results. Before publishing, check.output inspects the built files; afterwards
`go_live` and `http_check` check what readers get.
"""
