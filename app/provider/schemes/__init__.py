"""One file for each way in which providers sign; `app.provider.signing` holds the table of them."""
