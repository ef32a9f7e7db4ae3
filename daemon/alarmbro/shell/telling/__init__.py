"""Those who are told: people by deliveries, machines by topics, whoever asks by a view of how things stand."""
