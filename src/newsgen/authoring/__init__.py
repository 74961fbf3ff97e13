"""Commands that write into a site's folder: new sites, new articles, withdrawals."""
