"""What the API says and takes, as JSON: amounts (µ€, tokens, Wh, µ€/kWh) as decimal text, other figures as numbers."""
