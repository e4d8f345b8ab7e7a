package static

// What readers of the files have to know.
var (
	Bucket     = bucket
	BucketName = bucketName
	ChunkName  = chunkName
)
