{{- define "fairlead.fullname" -}}
{{- if contains "fairlead" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-fairlead" (.Release.Name | trunc 41 | trimSuffix "-") }}{{ end }}
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
http://{{ include "fairlead.fullname" . }}.{{ .Release.Namespace }}.svc:{{ .Values.service.port }}
{{- end }}

{{- /* fairlead.yaml: what the values say, and `config` over it. */}}
{{- define "fairlead.config" -}}
{{- $ports := dict }}
{{- range $protocol, $range := .Values.pool }}
{{- $_ := set $ports $protocol (ternary (dict "range" $range "entryPoint" (printf "%s-{port}" $protocol)) nil (ne $range "")) }}
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
