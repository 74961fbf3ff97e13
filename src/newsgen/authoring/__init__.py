"""Whatever writes into a site: new sites and articles, withdrawals."""
