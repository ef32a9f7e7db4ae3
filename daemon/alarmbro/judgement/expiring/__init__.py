"""What has its time: certificates, names in the record, addresses that somebody has looked at. Pure."""
