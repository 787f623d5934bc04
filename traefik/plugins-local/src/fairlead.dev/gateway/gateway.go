// Package gateway does what filters of the Gateway API ask for and no middleware of Traefik can: it adds headers to those
// that are there, and redirects with any status. Fairlead says in its configuration what; nothing is to be configured here.
package gateway

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"regexp"
	"strings"
)

// Header is a name and a value.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Redirect answers requests whose URL matches. Replacement has $1 and ${1} for what a group matches.
type Redirect struct {
	Regex       string `json:"regex"`
	Replacement string `json:"replacement"`
	Status      int    `json:"status"`
}

// Config is what a middleware of the dynamic configuration holds.
type Config struct {
	AddRequestHeaders  []Header  `json:"addRequestHeaders,omitempty"`
	AddResponseHeaders []Header  `json:"addResponseHeaders,omitempty"`
	Redirect           *Redirect `json:"redirect,omitempty"`
}

// CreateConfig is called by Traefik.
func CreateConfig() *Config {
	return &Config{}
}

type middleware struct {
	next     http.Handler
	config   *Config
	redirect *regexp.Regexp
}

// New is called by Traefik, once for each middleware.
func New(_ context.Context, next http.Handler, config *Config, _ string) (http.Handler, error) {
	made := &middleware{next: next, config: config}
	if config.Redirect != nil {
		compiled, err := regexp.Compile(config.Redirect.Regex)
		if err != nil {
			return nil, err
		}
		made.redirect = compiled
	}
	return made, nil
}

func (m *middleware) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	if m.redirect != nil {
		// Also to the same URL: where nothing else is asked for, that is what the Gateway API says.
		if url := toURL(request); m.redirect.MatchString(url) {
			writer.Header().Set("Location", m.redirect.ReplaceAllString(url, m.config.Redirect.Replacement))
			writer.WriteHeader(m.config.Redirect.Status)
			return
		}
	}
	for _, header := range m.config.AddRequestHeaders {
		request.Header.Add(header.Name, header.Value)
	}
	if len(m.config.AddResponseHeaders) > 0 {
		writer = &headerWriter{ResponseWriter: writer, added: m.config.AddResponseHeaders}
	}
	m.next.ServeHTTP(writer, request)
}

// toURL is the URL that a client has asked for, as Traefik's redirectRegex sees it.
func toURL(request *http.Request) string {
	scheme := "http://"
	if request.TLS != nil {
		scheme = "https://"
	}
	uri := request.RequestURI
	if !strings.HasPrefix(uri, "/") {
		// The absolute form, as proxies are asked.
		uri = request.URL.RequestURI()
	}
	return scheme + request.Host + uri
}

// headerWriter adds headers when those of the answer are complete. What Traefik interprets cannot be flushed from outside: an
// answer of unknown length, which may be a stream, is therefore flushed with its headers and with each part.
type headerWriter struct {
	http.ResponseWriter
	added  []Header
	done   bool
	stream bool
}

func (w *headerWriter) WriteHeader(status int) {
	// What comes before the answer, such as 103, has headers of its own.
	isAnswer := status >= 200 && !w.done
	if isAnswer {
		w.done = true
		w.stream = w.Header().Get("Content-Length") == ""
		for _, header := range w.added {
			w.Header().Add(header.Name, header.Value)
		}
	}
	w.ResponseWriter.WriteHeader(status)
	if isAnswer {
		w.Flush()
	}
}

func (w *headerWriter) Write(body []byte) (int, error) {
	if !w.done {
		w.WriteHeader(http.StatusOK)
	}
	count, err := w.ResponseWriter.Write(body)
	w.Flush()
	return count, err
}

func (w *headerWriter) Flush() {
	if flusher, ok := w.ResponseWriter.(http.Flusher); ok && w.stream {
		flusher.Flush()
	}
}

// Hijack is for upgrades such as WebSocket, which go on without this writer.
func (w *headerWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	hijacker, ok := w.ResponseWriter.(http.Hijacker)
	if !ok {
		return nil, nil, errors.New("the connection cannot be taken over")
	}
	return hijacker.Hijack()
}
