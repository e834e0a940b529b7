"""Use cases as plain functions: what the site and the command line call."""
