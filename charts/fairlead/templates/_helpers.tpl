{{- /* Begins with a letter and has no dots, as the name of a Service. */}}
{{- define "fairlead.fullname" -}}
{{- $release := .Release.Name | replace "." "-" }}
{{- if regexMatch "^[0-9]" $release }}{{ printf "fairlead-%s" $release | trunc 50 | trimAll "-" }}
{{- else if contains "fairlead" $release }}{{ $release | trunc 50 | trimSuffix "-" }}
{{- else }}{{ printf "%s-fairlead" ($release | trunc 41 | trimSuffix "-") }}{{ end }}
{{- end }}

{{- /* Objects without a namespace carry that of the release in their names, so that releases do not share rights. */}}
{{- define "fairlead.clusterName" -}}
{{ .Release.Namespace }}:{{ include "fairlead.fullname" . }}
{{- end }}

{{- define "fairlead.selector" -}}
app.kubernetes.io/name: fairlead
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "fairlead.commonLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "fairlead.labels" -}}
{{ include "fairlead.selector" . }}
{{ include "fairlead.commonLabels" . }}
{{- end }}

{{- define "fairlead.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (include "fairlead.fullname" .) }}
{{- end }}

{{- define "fairlead.subjects" -}}
subjects:
  - kind: ServiceAccount
    name: {{ include "fairlead.serviceAccount" . | quote }}
    namespace: {{ .Release.Namespace | quote }}
{{- end }}

{{- define "fairlead.providerUrl" -}}
{{ ternary "https" "http" (hasKey (default dict .Values.config.provider) "tls") }}://{{ include "fairlead.fullname" . }}.{{ .Release.Namespace }}.svc:{{ .Values.service.port }}
{{- end }}

{{- /* fairlead.yaml: what the values say, and `config` over it. */}}
{{- define "fairlead.config" -}}
{{- $ports := dict }}
{{- range $protocol := list "tcp" "udp" }}
{{- $range := get $.Values.pool $protocol }}
{{- $_ := set $ports $protocol (ternary (dict "range" $range "entryPoint" (printf "%s-{port}" $protocol)) nil (not (empty $range))) }}
{{- end }}
{{- $fleet := dict "name" "default" "ingressClasses" (list .Values.ingressClass.name) "addresses" .Values.addresses "traefik" .Values.traefik.version "ports" $ports }}
{{- $cluster := dict }}
{{- with .Values.namespaces }}{{ $_ := set $cluster "namespaces" . }}{{ end }}
{{- $name := printf "%s/%s" .Release.Namespace (include "fairlead.fullname" .) }}
{{- $made := dict
  "listen" (dict "provider" ":9080" "admin" ":9081")
  "sources" (list (dict "name" "cluster" "kubernetes" $cluster))
  "fleets" (list $fleet)
  "ledger" (dict "configMap" (printf "%s-ports" $name))
  "leaderElection" (dict "lease" $name) }}
{{- toYaml (mergeOverwrite $made (deepCopy .Values.config)) }}
{{- end }}
