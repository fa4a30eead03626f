"""What tracking costs: a request, a call, a second of the processor, an outage."""
