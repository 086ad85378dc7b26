// Calls one method of the Go SDK and prints what it returns as JSON, or what it says is wrong.
//
//	go-sdk METHOD [ARGUMENT]...
//
// KEY, SECRET and ENDPOINT of the environment say which account, and where.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	transloadit "github.com/transloadit/go-sdk"
)

type step = map[string]interface{}

var (
	encode = step{"robot": "/video/encode", "use": ":original", "preset": "web/mp4/240p", "result": true}
	filter = step{"robot": "/file/filter", "use": ":original", "result": true}
)

func main() {
	client := transloadit.NewClient(transloadit.Config{
		AuthKey:    os.Getenv("KEY"),
		AuthSecret: os.Getenv("SECRET"),
		Endpoint:   os.Getenv("ENDPOINT"),
	})
	result, err := call(context.Background(), &client, os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(result)
}

func call(ctx context.Context, client *transloadit.Client, method string, args []string) (interface{}, error) {
	switch method {
	case "encode":
		return encoded(ctx, client, args[0])
	case "start":
		return started(ctx, client, args[0], encode)
	case "cancel":
		return client.CancelAssembly(ctx, args[0])
	case "replay":
		return replayed(ctx, client, args[0])
	case "list":
		return client.ListAssemblies(ctx, &transloadit.ListOptions{PageSize: 50})
	case "replay-notification":
		return nil, client.ReplayNotification(ctx, args[0], args[1])
	case "template":
		return templates(ctx, client, args[0])
	case "credential":
		return credentials(ctx, client, args[0])
	}
	return nil, fmt.Errorf("no method %s", method)
}

func started(ctx context.Context, client *transloadit.Client, path string, details step) (*transloadit.AssemblyInfo, error) {
	assembly := transloadit.NewAssembly()
	if err := assembly.AddFile("film", path); err != nil {
		return nil, err
	}
	assembly.AddStep("made", details)
	return client.StartAssembly(ctx, assembly)
}

func encoded(ctx context.Context, client *transloadit.Client, path string) (*transloadit.AssemblyInfo, error) {
	info, err := started(ctx, client, path, encode)
	if err != nil {
		return nil, err
	}
	return client.WaitForAssembly(ctx, info)
}

func replayed(ctx context.Context, client *transloadit.Client, url string) (*transloadit.AssemblyInfo, error) {
	replay := transloadit.NewAssemblyReplay(url)
	replay.AddStep("made", step{"preset": "web/mp4/360p"})
	info, err := client.StartAssemblyReplay(ctx, replay)
	// The SDK takes a replay that goes on for one that has ended.
	for err == nil && (info.Ok == "ASSEMBLY_REPLAYING" || info.Ok == "ASSEMBLY_EXECUTING") {
		time.Sleep(200 * time.Millisecond)
		info, err = client.WaitForAssembly(ctx, info)
	}
	return info, err
}

// The names of a template as it was made and as it is listed after a change, and what is said when it is gone.
func templates(ctx context.Context, client *transloadit.Client, name string) ([]string, error) {
	template := transloadit.NewTemplate()
	template.Name = name
	template.AddStep("made", filter)
	id, err := client.CreateTemplate(ctx, template)
	if err != nil {
		return nil, err
	}
	made, err := client.GetTemplate(ctx, id)
	if err != nil {
		return nil, err
	}
	template.Name = name + "-changed"
	if err = client.UpdateTemplate(ctx, id, template); err != nil {
		return nil, err
	}
	list, err := client.ListTemplates(ctx, &transloadit.ListOptions{PageSize: 50})
	if err != nil {
		return nil, err
	}
	names := []string{made.Name}
	for _, listed := range list.Templates {
		if listed.ID == id {
			names = append(names, listed.Name)
		}
	}
	if err = client.DeleteTemplate(ctx, id); err != nil {
		return nil, err
	}
	_, gone := client.GetTemplate(ctx, id)
	return append(names, fmt.Sprint(gone)), nil
}

// The same of credentials, for which the SDK has methods of their own.
func credentials(ctx context.Context, client *transloadit.Client, name string) ([]string, error) {
	credential := transloadit.NewTemplateCredential()
	credential.Name, credential.Type = name, "s3"
	credential.Content = step{"key": "k", "secret": "s", "bucket": "b", "bucket_region": "us-east-1"}
	id, err := client.CreateTemplateCredential(ctx, credential)
	if err != nil {
		return nil, err
	}
	made, err := client.GetTemplateCredential(ctx, id)
	if err != nil {
		return nil, err
	}
	credential.Name = name + "-changed"
	if err = client.UpdateTemplateCredential(ctx, id, credential); err != nil {
		return nil, err
	}
	list, err := client.ListTemplateCredential(ctx, &transloadit.ListOptions{PageSize: 50})
	if err != nil {
		return nil, err
	}
	names := []string{made.Name}
	for _, listed := range list.TemplateCredential {
		if listed.ID == id {
			names = append(names, listed.Name)
		}
	}
	if err = client.DeleteTemplateCredential(ctx, id); err != nil {
		return nil, err
	}
	_, gone := client.GetTemplateCredential(ctx, id)
	return append(names, fmt.Sprint(gone)), nil
}
