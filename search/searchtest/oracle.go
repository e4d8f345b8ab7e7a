package searchtest

func oraclePromises() []promise {
	return nil
}
