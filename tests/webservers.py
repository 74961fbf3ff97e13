"""nginx and Apache, with a configuration of the test's own; servers.py starts and ends them."""

from __future__ import annotations

import grp
import os
import re
import subprocess
from pathlib import Path

from servers import AS_ROOT, HOST, NOBODY, Server, free_port, tool

APACHE_FOLDERS = (
    *("/usr/lib/apache2/modules", "/usr/libexec/apache2"),
    *("/opt/homebrew/opt/httpd/lib/httpd/modules", "/usr/local/opt/httpd/lib/httpd/modules"),
)
APACHE_MODULES = (
    *("mpm_event", "unixd", "authz_core", "dir", "mime", "negotiation", "filter", "deflate"),
    *("alias", "rewrite", "headers", "env", "setenvif", "expires"),
)


def documented(name: str, place: Path) -> str:
    """A code block of docs/server.md by its first line, with the folders `www` (the target) and `rules` of `place`."""
    page = (Path(__file__).parents[1] / "docs" / "server.md").read_text("utf-8")
    match = re.search(rf"^```\w+\n(# {name}\n.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert match, name
    return match[1].replace("/srv/www/dqgz", f"{place}/www").replace("/etc/newsgen", f"{place}/rules")


class WebServer(Server):
    """A web server at `url`."""

    @property
    def url(self) -> str:
        """The address of its root, ending with `/`."""
        return f"http://{HOST}:{self.port}/"


def nginx(ground: Path, server: str, http: str = "") -> WebServer:
    """nginx with one `server` block of these lines; `http` stands before it, in the http block."""
    place, port, program = ground / "nginx", free_port(), tool("nginx")
    place.mkdir()
    built = subprocess.run([program, "-V"], capture_output=True, text=True, check=True).stderr
    match = re.search(r"--conf-path=(\S+)", built)
    types = Path(match[1] if match else "/etc/nginx/nginx.conf").with_name("mime.types")
    group = grp.getgrgid(NOBODY.pw_gid).gr_name
    user = f"user {NOBODY.pw_name} {group};\n" if AS_ROOT else ""
    config = place / "nginx.conf"
    frame = _NGINX.format(place=place, user=user, types=types, host=HOST, port=port)
    config.write_text(frame.replace("@http@", http).replace("@server@", server), "utf-8")
    command = [program, "-e", str(place / "error.log"), "-c", str(config), "-g", "daemon off;"]
    return WebServer(command, port, place / "error.log")


_NGINX = """\
{user}worker_processes 2;
pid {place}/pid;
events {{ worker_connections 256; }}
http {{
    include {types};
    default_type application/octet-stream;
    access_log {place}/access.log;
    client_body_temp_path {place}/body;
    proxy_temp_path {place}/proxy;
    fastcgi_temp_path {place}/fastcgi;
    uwsgi_temp_path {place}/uwsgi;
    scgi_temp_path {place}/scgi;
    @http@
    server {{
        listen {host}:{port};
        @server@
    }}
}}
"""


def apache(ground: Path, host: str) -> WebServer:
    """Apache with one virtual host of these lines."""
    place, port, program = ground / "apache", free_port(), tool("apache2", "httpd")
    place.mkdir()
    modules = next(filter(os.path.isdir, APACHE_FOLDERS), "/etc/httpd/modules")
    loads = "".join(
        f"LoadModule {name}_module {modules}/mod_{name}.so\n"
        for name in APACHE_MODULES
        if Path(modules, f"mod_{name}.so").exists()  # some are built in
    )
    group = grp.getgrgid(NOBODY.pw_gid).gr_name
    user = f"User {NOBODY.pw_name}\nGroup {group}\n" if AS_ROOT else ""
    types = next(filter(os.path.exists, ("/etc/mime.types", "/etc/apache2/mime.types")), "conf/mime.types")
    frame = _APACHE.format(place=place, port=port, at=HOST, loads=loads, user=user, types=types)
    config = place / "httpd.conf"
    config.write_text(frame.replace("@host@", host), "utf-8")
    return WebServer([program, "-f", str(config), "-D", "FOREGROUND"], port, place / "error.log")


_APACHE = """\
ServerRoot {place}
ServerName {at}
Listen {at}:{port}
PidFile {place}/pid
Mutex file:{place}
ErrorLog {place}/error.log
{loads}{user}TypesConfig {types}
<VirtualHost {at}:{port}>
@host@
</VirtualHost>
"""
