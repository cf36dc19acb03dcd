// Follows one resource with an informer of client-go and says on demand what it knows.
//
// Every line on standard input is answered by one line of JSON: what the cache holds, and whatever the server told that it
// must not: an event that came twice, or out of order, or without its object having been there.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strconv"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

// report is one answer.
type report struct {
	Synced bool `json:"synced"`
	// Objects holds the resourceVersion of every object of the cache, by namespace/name.
	Objects map[string]string `json:"objects"`
	// Faults are what no server may do, in words; at most 20.
	Faults []string `json:"faults"`
	Lists  int      `json:"lists"`
	// Streams counts watches that began with the present state (WatchList).
	Streams int `json:"streams"`
	Watches int `json:"watches"`
	Events  int `json:"events"`
}

// observer looks at what the server sends before client-go makes sense of it.
type observer struct {
	sync.Mutex
	report
	last uint64
	seen map[string]uint64
}

func (o *observer) fault(format string, args ...any) {
	if len(o.Faults) < 20 {
		o.Faults = append(o.Faults, fmt.Sprintf(format, args...))
	}
}

// began forgets what was seen: from here on the server tells everything anew.
func (o *observer) began() {
	o.last = 0
	o.seen = map[string]uint64{}
}

func (o *observer) event(event watch.Event, initial bool) {
	o.Lock()
	defer o.Unlock()
	object, ok := event.Object.(*unstructured.Unstructured)
	if !ok || event.Type == watch.Error {
		return
	}
	version, err := strconv.ParseUint(object.GetResourceVersion(), 10, 64)
	if err != nil {
		o.fault("%s with version %q", event.Type, object.GetResourceVersion())
		return
	}
	if event.Type == watch.Bookmark {
		if version < o.last {
			o.fault("a bookmark at %d after %d", version, o.last)
		}
		o.last = max(o.last, version)
		return
	}
	o.Events++
	key := object.GetNamespace() + "/" + object.GetName()
	before, there := o.seen[key]
	if initial {
		if there {
			o.fault("%s twice in the initial events", key)
		}
		o.seen[key] = version
		return
	}
	if version <= o.last {
		o.fault("%s %s at %d after %d", event.Type, key, version, o.last)
	}
	o.last = version
	switch event.Type {
	case watch.Added:
		if there {
			o.fault("ADDED %s at %d, which is there at %d", key, version, before)
		}
		o.seen[key] = version
	case watch.Modified:
		if !there {
			o.fault("MODIFIED %s at %d, which is not there", key, version)
		}
		o.seen[key] = version
	case watch.Deleted:
		if !there {
			o.fault("DELETED %s at %d, which is not there", key, version)
		}
		delete(o.seen, key)
	}
}

func main() {
	kubeconfig := flag.String("kubeconfig", "", "path of a kubeconfig")
	group := flag.String("group", "", "API group")
	version := flag.String("version", "", "API version")
	resource := flag.String("resource", "", "plural name")
	namespace := flag.String("namespace", "", "namespace, all when empty")
	flag.Parse()

	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		panic(err)
	}
	config.QPS, config.Burst = -1, 0
	client := dynamic.NewForConfigOrDie(config)
	one := client.Resource(schema.GroupVersionResource{Group: *group, Version: *version, Resource: *resource}).Namespace(*namespace)

	o := &observer{}
	o.began()
	lists := &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			list, err := one.List(ctx, options)
			if err != nil {
				return list, err
			}
			o.Lock()
			defer o.Unlock()
			o.Lists++
			if options.Continue == "" {
				o.began()
			}
			for _, item := range list.Items {
				key := item.GetNamespace() + "/" + item.GetName()
				if _, there := o.seen[key]; there {
					o.fault("%s twice in a list", key)
				}
				o.seen[key], _ = strconv.ParseUint(item.GetResourceVersion(), 10, 64)
			}
			o.last, _ = strconv.ParseUint(list.GetResourceVersion(), 10, 64)
			return list, nil
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			initial := options.SendInitialEvents != nil && *options.SendInitialEvents
			upstream, err := one.Watch(ctx, options)
			if err != nil {
				return upstream, err
			}
			o.Lock()
			o.Watches++
			if initial {
				o.Streams++
				o.began()
			}
			o.Unlock()
			return watch.Filter(upstream, func(event watch.Event) (watch.Event, bool) {
				o.event(event, initial)
				if object, ok := event.Object.(*unstructured.Unstructured); ok && event.Type == watch.Bookmark &&
					object.GetAnnotations()[metav1.InitialEventsAnnotationKey] == "true" {
					initial = false
				}
				return event, true
			}), nil
		},
	}
	informer := cache.NewSharedIndexInformer(
		cache.ToListWatcherWithWatchListSemantics(lists, client), &unstructured.Unstructured{}, 0, cache.Indexers{})
	go informer.RunWithContext(context.Background())

	lines := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		objects := map[string]string{}
		for _, item := range informer.GetStore().List() {
			object := item.(*unstructured.Unstructured)
			objects[object.GetNamespace()+"/"+object.GetName()] = object.GetResourceVersion()
		}
		o.Lock()
		answer := o.report
		answer.Synced, answer.Objects = informer.HasSynced(), objects
		if err := out.Encode(answer); err != nil {
			panic(err)
		}
		o.Unlock()
	}
}
