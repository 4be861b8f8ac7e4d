{{- define "switchboard.fullname" -}}
{{- $name := ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) -}}
{{- $name | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "switchboard.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "switchboard.labels" -}}
{{ include "switchboard.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "switchboard.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (include "switchboard.fullname" .) -}}
{{- end -}}

{{/* Checks that the schema cannot express: values with which a node would not start or could not work. */}}
{{- define "switchboard.validate" -}}
{{- with .Values -}}
{{- if not (or .jwt.issuerUri .jwt.jwkSetUri .jwt.publicKey) -}}
{{- fail "no way to check tokens: set jwt.issuerUri, jwt.jwkSetUri or jwt.publicKey" -}}
{{- end -}}
{{- if not .jwt.audiences -}}
{{- fail "tokens meant for other services would be accepted: set jwt.audiences" -}}
{{- end -}}
{{- if and (gt (int .replicaCount) 1) (not .database.url) -}}
{{- fail "nodes without a shared directory do not find each other's agents: set database.url, or replicaCount to 1" -}}
{{- end -}}
{{- if and .database.url (not .forwarding.existingSecret) -}}
{{- fail "nodes that share a directory need a shared secret: set forwarding.existingSecret" -}}
{{- end -}}
{{- if and .agents.proxyProtocol (not .agents.trustedProxies) -}}
{{- fail "no proxy is trusted to send PROXY protocol headers: set agents.trustedProxies" -}}
{{- end -}}
{{- if and .serviceMonitor.enabled (not .serviceMonitor.tokenSecret) -}}
{{- fail "metrics need a token for tenant * with the scope metrics:read: set serviceMonitor.tokenSecret" -}}
{{- end -}}
{{- if ge (int .preStopSleepSeconds) (int .terminationGracePeriodSeconds) -}}
{{- fail "no time is left to stop: set terminationGracePeriodSeconds above preStopSleepSeconds" -}}
{{- end -}}
{{- end -}}
{{- end -}}
