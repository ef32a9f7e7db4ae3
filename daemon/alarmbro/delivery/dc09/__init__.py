"""SIA DC-09, the protocol by which alarm centres are told over IP networks: our own small codec and exchange.

The account is kept as text, as leading zeros count. Sources: ANSI/SIA DC-09-2013 (frame, encryption, time window),
DC-03 (SIA codes) and DC-05 (Contact ID); what receivers really send was learnt from two open ones and from traffic
that their users have published.
"""
