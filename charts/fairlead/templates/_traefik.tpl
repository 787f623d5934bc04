{{- define "fairlead.traefikSelector" -}}
app.kubernetes.io/name: traefik
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- /* The numbers of a range, FIRST-LAST, as a JSON list; empty for none. */}}
{{- define "fairlead.numbers" -}}
{{- $ends := splitList "-" . }}
{{- untilStep (int (first $ends)) (int (add1 (last $ends))) 1 | toJson }}
{{- end }}

{{- define "fairlead.grace" -}}
- --entryPoints.{{ . }}.transport.lifeCycle.requestAcceptGraceTimeout=10s
- --entryPoints.{{ . }}.transport.lifeCycle.graceTimeOut=300s
{{- end }}

{{- define "fairlead.traefikArguments" -}}
- --entryPoints.web.address=:8000
- --entryPoints.web.asDefault=true
- --entryPoints.web.transport.respondingTimeouts.readTimeout=600s
{{ include "fairlead.grace" "web" }}
- --entryPoints.websecure.address=:8443
- --entryPoints.websecure.asDefault=true
- --entryPoints.websecure.transport.respondingTimeouts.readTimeout=12h
{{ include "fairlead.grace" "websecure" }}
- --entryPoints.ready.address=:8082
{{- with .Values.pool.tcp }}
{{- range include "fairlead.numbers" . | fromJsonArray }}
- --entryPoints.tcp-{{ int . }}.address=:{{ int . }}/tcp
{{ include "fairlead.grace" (printf "tcp-%d" (int .)) }}
{{- end }}
{{- end }}
{{- with .Values.pool.udp }}
{{- range include "fairlead.numbers" . | fromJsonArray }}
- --entryPoints.udp-{{ int . }}.address=:{{ int . }}/udp
{{- end }}
{{- end }}
- --providers.providersThrottleDuration=100ms
- --providers.http.endpoint={{ include "fairlead.providerUrl" . }}/traefik/default
- --providers.http.pollInterval=200ms
- --providers.http.pollTimeout=5s
- --providers.http.headers.Authorization=Bearer $(FAIRLEAD_TOKEN)
- --ping.entryPoint=ready
{{- end }}
