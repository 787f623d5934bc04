/** The name of the module, which is where Traefik looks for it below `plugins-local/src`. */
export const gatewayPluginModule = 'fairlead.dev/gateway';

const manifest = `displayName: Fairlead gateway
type: middleware
import: ${gatewayPluginModule}
summary: What Gateway API asks for and Traefik has no middleware for
testData:
  addRequestHeaders: [{name: X-Added, value: "1"}]
`;

const module = `module ${gatewayPluginModule}

go 1.22
`;

const source = `// Package gateway adds headers to those that requests and answers have already, and redirects with any status.
package gateway

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"regexp"
	"strings"
)

// Header is one header to add.
type Header struct {
	Name  string \`json:"name"\`
	Value string \`json:"value"\`
}

// Redirect is to what a URL is redirected, and with which status.
type Redirect struct {
	Regex       string \`json:"regex"\`
	Replacement string \`json:"replacement"\`
	Status      int    \`json:"status"\`
}

// Config is the configuration of one middleware.
type Config struct {
	AddRequestHeaders  []Header  \`json:"addRequestHeaders,omitempty"\`
	AddResponseHeaders []Header  \`json:"addResponseHeaders,omitempty"\`
	Redirect           *Redirect \`json:"redirect,omitempty"\`
}

// CreateConfig makes an empty configuration.
func CreateConfig() *Config {
	return &Config{}
}

type handler struct {
	next    http.Handler
	config  *Config
	pattern *regexp.Regexp
}

// New makes the middleware.
func New(_ context.Context, next http.Handler, config *Config, _ string) (http.Handler, error) {
	h := &handler{next: next, config: config}
	if config.Redirect != nil {
		pattern, err := regexp.Compile(config.Redirect.Regex)
		if err != nil {
			return nil, err
		}
		h.pattern = pattern
	}
	return h, nil
}

func (h *handler) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	if h.pattern != nil {
		url := rawURL(req)
		target := h.pattern.ReplaceAllString(url, h.config.Redirect.Replacement)
		// As Traefik's own redirect does: one to itself would go in circles.
		if target != url {
			rw.Header().Set("Location", target)
			rw.WriteHeader(h.config.Redirect.Status)
			return
		}
	}
	for _, header := range h.config.AddRequestHeaders {
		req.Header.Add(header.Name, header.Value)
	}
	if len(h.config.AddResponseHeaders) == 0 {
		h.next.ServeHTTP(rw, req)
		return
	}
	if isStream(req) {
		// What wraps the answer here cannot flush it. So these headers stand before those of the backend, which are added to them.
		addTo(rw.Header(), h.config.AddResponseHeaders)
		h.next.ServeHTTP(rw, req)
		return
	}
	h.next.ServeHTTP(&writer{rw: rw, headers: h.config.AddResponseHeaders}, req)
}

func rawURL(req *http.Request) string {
	scheme := "http"
	if req.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + req.Host + req.URL.RequestURI()
}

func addTo(to http.Header, headers []Header) {
	for _, header := range headers {
		to.Add(header.Name, header.Value)
	}
}

// isStream tells whether the answer may be one whose parts have to arrive at once: gRPC, events, an upgraded connection.
func isStream(req *http.Request) bool {
	return req.Header.Get("Upgrade") != "" ||
		strings.HasPrefix(req.Header.Get("Content-Type"), "application/grpc") ||
		strings.Contains(req.Header.Get("Accept"), "text/event-stream")
}

type writer struct {
	rw      http.ResponseWriter
	headers []Header
	written bool
}

func (w *writer) Header() http.Header {
	return w.rw.Header()
}

func (w *writer) WriteHeader(status int) {
	// Those of 1xx come before the answer itself.
	if !w.written && status >= 200 {
		w.written = true
		addTo(w.rw.Header(), w.headers)
	}
	w.rw.WriteHeader(status)
}

func (w *writer) Write(data []byte) (int, error) {
	if !w.written {
		w.WriteHeader(http.StatusOK)
	}
	return w.rw.Write(data)
}

func (w *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return w.rw.(http.Hijacker).Hijack()
}
`;

/** What the plugin consists of: the texts of its files by their paths below \`plugins-local/src\` and the module. */
export const gatewayPluginFiles: Readonly<Record<string, string>> = {
  '.traefik.yml': manifest,
  'go.mod': module,
  'plugin.go': source,
};

/** Where Traefik looks for the plugin, from the folder in which it is started. */
export const gatewayPluginFolder = `plugins-local/src/${gatewayPluginModule}`;
