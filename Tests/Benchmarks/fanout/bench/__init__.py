"""One event to thousands of subscribers, and what happens to them."""
