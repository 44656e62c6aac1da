"""Reports from the ledger: what 26 U.S.C. § 6103(p)(3) asks to be kept and counted, and why requests were denied."""
