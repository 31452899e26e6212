"""What other programs may do here for an organisation: keys, requests answered once, the API's description, webhooks."""
