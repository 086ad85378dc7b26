module cattube.test/go-sdk

go 1.21

require github.com/transloadit/go-sdk v1.6.0
