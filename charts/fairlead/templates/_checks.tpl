{{- /* Values that are well-formed and contradict one another: one line each, where Kubernetes or the pod would refuse them later. */}}
{{- define "fairlead.checks" -}}
{{- include "fairlead.checkMemory" . }}
{{- include "fairlead.checkPods" . }}
{{- include "fairlead.checkService" . }}
{{- include "fairlead.checkAddresses" . }}
{{- include "fairlead.checkConfig" . }}
{{- include "fairlead.checkPool" . }}
{{- end }}

{{- /* A quantity of Kubernetes in MiB, as a decimal number. */}}
{{- define "fairlead.mebibytes" -}}
{{- $suffix := regexFind "([KMGTPE]i|[kMGTPEm])$" . }}
{{- $exponents := dict "" 0 "Ki" 10 "Mi" 20 "Gi" 30 "Ti" 40 "Pi" 50 "Ei" 60 }}
{{- $bytes := trimSuffix $suffix . | float64 }}
{{- if hasKey $exponents $suffix }}
{{- range until (get $exponents $suffix) }}{{ $bytes = mulf $bytes 2 }}{{ end }}
{{- else }}
{{- $bytes = mulf $bytes (get (dict "m" 0.001 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "E" 1e18) $suffix) }}
{{- end }}
{{- printf "%.3f" (divf $bytes 1048576) }}
{{- end }}

{{- /* A quantity as text; YAML makes a number of one without a unit. */}}
{{- define "fairlead.quantity" -}}
{{- if kindIs "float64" . }}{{ printf "%.0f" . }}{{ else }}{{ . }}{{ end }}
{{- end }}

{{- define "fairlead.checkMemory" -}}
{{- range $where, $resources := dict "resources" .Values.resources "traefik.resources" .Values.traefik.resources }}
{{- $limit := include "fairlead.quantity" (dig "limits" "memory" "" (default dict $resources)) }}
{{- $request := include "fairlead.quantity" (dig "requests" "memory" "" (default dict $resources)) }}
{{- if and $limit $request (gt (include "fairlead.mebibytes" $request | float64) (include "fairlead.mebibytes" $limit | float64)) }}
{{- fail (printf "%s.requests.memory (%s) is above %s.limits.memory (%s): Kubernetes refuses such a container." $where $request $where $limit) }}
{{- end }}
{{- if and $limit (eq $where "resources") }}
{{- $most := include "fairlead.mebibytes" $limit | float64 }}
{{- if ge (float64 $.Values.heapMiB) $most }}
{{- fail (printf "heapMiB (%d) has to be below resources.limits.memory (%s), or the container is killed before its heap is full: three quarters of it are heapMiB: %d." (int64 $.Values.heapMiB) $limit (mulf $most 0.75 | floor | int64)) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- /* `own` are names that the chart gives, and `given` those of a value. */}}
{{- define "fairlead.refuseOwn" -}}
{{- range .given }}
{{- if has . $.own }}
{{- fail (printf "%s has %s, which the chart sets itself: %s" $.value . $.mend) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "fairlead.checkPods" -}}
{{- $selector := include "fairlead.selector" . | fromYaml | keys }}
{{- $labels := include "fairlead.labels" . | fromYaml | keys }}
{{- include "fairlead.refuseOwn" (dict "value" "podLabels" "given" (keys (default dict .Values.podLabels) | sortAlpha) "own" $selector "mend" "the Deployment finds its pods by it") }}
{{- include "fairlead.refuseOwn" (dict "value" "podMonitor.labels" "given" (keys (default dict .Values.podMonitor.labels) | sortAlpha) "own" $labels "mend" "remove it") }}
{{- include "fairlead.refuseOwn" (dict "value" "podAnnotations" "given" (keys (default dict .Values.podAnnotations)) "own" (list "checksum/config") "mend" "it rolls the Deployment when the configuration changes") }}
{{- $names := dict "env" list "volumes" (list "config") "mounts" (list "/etc/fairlead") }}
{{- range .Values.extraEnv }}{{ $_ := set $names "env" (append $names.env .name) }}{{ end }}
{{- include "fairlead.refuseOwn" (dict "value" "extraEnv" "given" $names.env "own" (list "FAIRLEAD_PROVIDER_TOKENS" "FAIRLEAD_ADMIN_TOKENS_0_TOKEN") "mend" "token.secret and admin.secret name the Secrets") }}
{{- if ne (len $names.env) (len (uniq $names.env)) }}
{{- fail (printf "extraEnv has a name twice: %s." (join ", " $names.env)) }}
{{- end }}
{{- range .Values.extraVolumes }}
{{- if has .name $names.volumes }}
{{- fail (printf "extraVolumes has %s, which is there already: choose another name." .name) }}
{{- end }}
{{- $_ := set $names "volumes" (append $names.volumes .name) }}
{{- end }}
{{- range .Values.extraVolumeMounts }}
{{- if not (has .name $names.volumes) }}
{{- fail (printf "extraVolumeMounts names the volume %s, which extraVolumes has not got." .name) }}
{{- end }}
{{- if has (clean .mountPath) $names.mounts }}
{{- fail (printf "extraVolumeMounts has the mountPath %s, which is there already: choose another one." .mountPath) }}
{{- end }}
{{- $_ := set $names "mounts" (append $names.mounts (clean .mountPath)) }}
{{- end }}
{{- if and (not .Values.serviceAccount.create) (not .Values.serviceAccount.name) }}
{{- fail "serviceAccount.create is false, and serviceAccount.name names none: no pod would be made without an account." }}
{{- end }}
{{- $budget := .Values.podDisruptionBudget }}
{{- if and $budget.enabled (gt (int .Values.replicas) 1) (or (eq "100%" (toString $budget.minAvailable)) (and (not (hasSuffix "%" (toString $budget.minAvailable))) (ge (int $budget.minAvailable) (int .Values.replicas)))) }}
{{- fail (printf "podDisruptionBudget.minAvailable (%v) of %d replicas lets no node be drained: choose fewer, or more replicas." $budget.minAvailable (int .Values.replicas)) }}
{{- end }}
{{- end }}

{{- define "fairlead.checkService" -}}
{{- $service := .Values.service }}
{{- if and $service.nodePort (eq $service.type "ClusterIP") }}
{{- fail "service.nodePort needs service.type NodePort or LoadBalancer." }}
{{- end }}
{{- end }}

{{- define "fairlead.checkAddresses" -}}
{{- range .Values.addresses }}
{{- if not (regexMatch "^(service|endpoints):[-a-z0-9]+/[-a-z0-9.]+$|^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?$|^[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*$" .) }}
{{- fail (printf "addresses has %s: write a host name or an IP address, without scheme and port, or service:NAMESPACE/NAME." .) }}
{{- end }}
{{- end }}
{{- end }}

{{- /* What `config` may not change, since other objects of the chart rely on it. */}}
{{- define "fairlead.checkConfig" -}}
{{- $config := .Values.config }}
{{- $name := printf "%s/%s" .Release.Namespace (include "fairlead.fullname" .) }}
{{- range $listener, $port := dict "provider" "9080" "admin" "9081" }}
{{- $address := dig "listen" $listener "" $config }}
{{- if and $address (not (regexMatch (printf "^(\\*|0\\.0\\.0\\.0|\\[::\\])?:%s$" $port) $address)) }}
{{- fail (printf "config.listen.%s is %s, where the Service and the probes do not reach it: remove it, it is :%s." $listener $address $port) }}
{{- end }}
{{- end }}
{{- if dig "ledger" "file" "" $config }}
{{- fail (printf "config.ledger.file: replicas share their ledger, which is the ConfigMap %s-ports. Remove it." $name) }}
{{- end }}
{{- $ledger := dig "ledger" "configMap" "" $config }}
{{- if and .Values.rbac.create $ledger (not (hasPrefix (printf "%s/" .Release.Namespace) $ledger)) }}
{{- fail (printf "config.ledger.configMap is %s, and the chart gives rights in %s only: leave it out, or set rbac.create to false and give them yourself." $ledger .Release.Namespace) }}
{{- end }}
{{- $lease := dig "leaderElection" "lease" $name $config }}
{{- if and .Values.rbac.create $lease (ne $lease $name) }}
{{- fail (printf "config.leaderElection.lease is %s, and the chart gives rights for %s only: leave it out, or set rbac.create to false and give them yourself." $lease $name) }}
{{- end }}
{{- $classes := list }}
{{- range $config.fleets }}{{ $classes = concat $classes (default (list "fairlead") .ingressClasses) }}{{ end }}
{{- if and .Values.ingressClass.enabled $classes (not (has .Values.ingressClass.name $classes)) }}
{{- fail (printf "ingressClass.name is %s, which no fleet of config.fleets serves: choose one of their ingressClasses (%s), or set ingressClass.enabled to false." .Values.ingressClass.name (join ", " $classes)) }}
{{- end }}
{{- end }}

{{- /* How many ports one Traefik of the chart takes on a protocol: its DaemonSet names each of them several times, and an object of Kubernetes has at most 1.5 MB. */}}
{{- define "fairlead.mostPorts" -}}2000{{- end }}

{{- define "fairlead.checkPool" -}}
{{- range $protocol := list "tcp" "udp" }}
{{- with get $.Values.pool $protocol }}
{{- $ends := splitList "-" . }}
{{- $from := first $ends | atoi }}
{{- $to := last $ends | atoi }}
{{- if or (lt $from 1) (gt $to 65535) }}
{{- fail (printf "pool.%s is %s: ports are from 1 to 65535." $protocol .) }}
{{- end }}
{{- if gt $from $to }}
{{- fail (printf "pool.%s is %s: write the lower port first, %d-%d." $protocol . $to $from) }}
{{- end }}
{{- if $.Values.traefik.enabled }}
{{- if ge (sub $to $from) (include "fairlead.mostPorts" $ | atoi) }}
{{- fail (printf "pool.%s is %s: the Traefik of the chart takes at most %s ports. For more use the official chart or `fairlead traefik --format manifest`, with banks." $protocol . (include "fairlead.mostPorts" $)) }}
{{- end }}
{{- $taken := dict }}
{{- if eq $protocol "tcp" }}{{ $taken = dict "80" "the port of web" "443" "the port of websecure" "8000" "the port of web" "8082" "the port of ready" "8443" "the port of websecure" }}{{ end }}
{{- with $.Values.service.nodePort }}{{ if eq $protocol "tcp" }}{{ $_ := set $taken (toString .) "service.nodePort" }}{{ end }}{{ end }}
{{- range $port, $what := $taken }}
{{- if and (ge (atoi $port) $from) (le (atoi $port) $to) }}
{{- fail (printf "pool.%s contains %s, which is %s: two cannot listen on one port." $protocol $port $what) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
