// Reads pairs of certificate and key as JSON, and says of each what Go's TLS makes of it: the names by which Traefik would
// keep it, or why it cannot be loaded, and whether a handshake with it works.
package main

import (
	"crypto/tls"
	"encoding/json"
	"net"
	"os"
	"strings"
	"time"
)

type pair struct{ Cert, Key string }

type verdict struct {
	Error     string   `json:"error"`
	Handshake string   `json:"handshake"`
	Names     []string `json:"names"`
	NotAfter  int64    `json:"notAfter"`
}

func main() {
	var pairs []pair
	if err := json.NewDecoder(os.Stdin).Decode(&pairs); err != nil {
		panic(err)
	}
	verdicts := make([]verdict, 0, len(pairs))
	for _, each := range pairs {
		verdicts = append(verdicts, judge(each))
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		panic(err)
	}
}

func judge(given pair) verdict {
	loaded, err := tls.X509KeyPair([]byte(given.Cert), []byte(given.Key))
	if err != nil {
		return verdict{Error: err.Error()}
	}
	leaf := loaded.Leaf
	kept := append([]string{leaf.Subject.CommonName}, leaf.DNSNames...)
	for _, address := range leaf.IPAddresses {
		kept = append(kept, address.String())
	}
	result := verdict{Names: []string{}, NotAfter: leaf.NotAfter.UnixMilli()}
	// All in one text, divided at commas: that is what a host is looked for in.
	for _, name := range strings.Split(strings.ToLower(strings.Join(kept, ",")), ",") {
		if trimmed := strings.TrimRight(name, "."); trimmed != "" {
			result.Names = append(result.Names, trimmed)
		}
	}
	if err := shake(loaded); err != nil {
		result.Handshake = err.Error()
	}
	return result
}

func shake(certificate tls.Certificate) error {
	client, server := net.Pipe()
	defer client.Close()
	defer server.Close()
	deadline := time.Now().Add(5 * time.Second)
	client.SetDeadline(deadline)
	server.SetDeadline(deadline)
	done := make(chan error, 1)
	go func() {
		served := tls.Server(server, &tls.Config{Certificates: []tls.Certificate{certificate}})
		err := served.Handshake()
		if err != nil {
			server.Close()
		}
		done <- err
	}()
	asked := tls.Client(client, &tls.Config{InsecureSkipVerify: true})
	if err := asked.Handshake(); err != nil {
		client.Close()
		if served := <-done; served != nil {
			return served
		}
		return err
	}
	go asked.Read(make([]byte, 1))
	return <-done
}
