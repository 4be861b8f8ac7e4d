{{- define "switchboard.fullname" -}}
{{- $name := ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) -}}
{{- $name | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "switchboard.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "switchboard.commonLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "switchboard.labels" -}}
{{ include "switchboard.selectorLabels" . }}
{{ include "switchboard.commonLabels" . }}
{{- end -}}

{{/* The labels of the pod of helm test. No Service and no PodDisruptionBudget selects it. */}}
{{- define "switchboard.testLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}-test
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "switchboard.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (include "switchboard.fullname" .) -}}
{{- end -}}

{{- define "switchboard.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "switchboard.workloadKind" -}}
{{- ternary "StatefulSet" "Deployment" .Values.agents.perPod.enabled -}}
{{- end -}}

{{/* The most nodes that there can be. */}}
{{- define "switchboard.mostNodes" -}}
{{- ternary .Values.autoscaling.maxReplicas .Values.replicaCount .Values.autoscaling.enabled | int -}}
{{- end -}}

{{/* The time that a stop may take, in seconds. */}}
{{- define "switchboard.grace" -}}
{{- .Values.terminationGracePeriodSeconds | default (add .Values.drain.withinSeconds .Values.drain.marginSeconds) | int -}}
{{- end -}}

{{/* The variables that values of the chart set, which extraEnv may not set. */}}
{{- define "switchboard.ownVariables" -}}
SWITCHBOARD_NODE_ADDRESS SWITCHBOARD_NODE_CAPACITY SWITCHBOARD_SECURITY_MODE SWITCHBOARD_AGENT_TRUSTEDPROXIES SWITCHBOARD_AGENT_PROXYPROTOCOL
{{- " " }}SWITCHBOARD_AGENT_PUBLICURL SWITCHBOARD_FORWARDING_SECRET SWITCHBOARD_DRAIN_ANNOUNCE SWITCHBOARD_DRAIN_WITHIN
{{- " " }}SWITCHBOARD_AGENT_PORT SWITCHBOARD_FORWARDING_PORT SERVER_PORT MANAGEMENT_SERVER_PORT SPRING_R2DBC_URL
{{- end -}}

{{/* Checks that the schema cannot express: values with which a node would not start or could not work. */}}
{{- define "switchboard.validate" -}}
{{- include "switchboard.validateNodes" . -}}
{{- include "switchboard.validateStop" . -}}
{{- include "switchboard.validateScaling" . -}}
{{- include "switchboard.validateRoutes" . -}}
{{- include "switchboard.validateNetworkPolicy" . -}}
{{- end -}}

{{- define "switchboard.validateNodes" -}}
{{- with .Values -}}
{{- if not (or .jwt.issuerUri .jwt.jwkSetUri .jwt.publicKey) -}}
{{- fail "no way to check tokens: set jwt.issuerUri, jwt.jwkSetUri or jwt.publicKey" -}}
{{- end -}}
{{- if not .jwt.audiences -}}
{{- fail "tokens meant for other services would be accepted: set jwt.audiences" -}}
{{- end -}}
{{- if and (or (gt (int .replicaCount) 1) .autoscaling.enabled) (not .database.url) -}}
{{- fail "nodes without a shared directory do not find each other's agents: set database.url, or replicaCount to 1 and no autoscaling" -}}
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
{{- if and .dashboards.enabled (not .dashboards.labels) -}}
{{- fail "no sidecar finds dashboards without a label: set dashboards.labels" -}}
{{- end -}}
{{- range list "app.kubernetes.io/name" "app.kubernetes.io/instance" -}}
{{- if hasKey $.Values.podLabels . -}}
{{- fail (printf "no selector would match the pods: remove %s from podLabels" .) -}}
{{- end -}}
{{- end -}}
{{- $own := splitList " " (include "switchboard.ownVariables" $ | trim) -}}
{{- range .extraEnv -}}
{{- if has (.name | replace "." "_" | replace "-" "" | upper) $own -}}
{{- fail (printf "the chart sets %s itself: remove it from extraEnv, and use the chart's value" .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "switchboard.validateStop" -}}
{{- with .Values -}}
{{- if ge (int .drain.announceSeconds) (int .drain.withinSeconds) -}}
{{- fail "no time is left to move agents: set drain.withinSeconds above drain.announceSeconds" -}}
{{- end -}}
{{- if le (int (include "switchboard.grace" $)) (int .drain.withinSeconds) -}}
{{- fail "Kubernetes would kill a node during its drain: set terminationGracePeriodSeconds above drain.withinSeconds, or to null" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "switchboard.validateScaling" -}}
{{- with .Values.autoscaling -}}
{{- if .enabled -}}
{{- if gt (int .minReplicas) (int .maxReplicas) -}}
{{- fail "autoscaling.minReplicas is above autoscaling.maxReplicas" -}}
{{- end -}}
{{- if ge (int .connectionsPerNode) (int $.Values.node.capacity) -}}
{{- fail "nodes would be full before more are added: set autoscaling.connectionsPerNode below node.capacity" -}}
{{- end -}}
{{- if gt (add (include "switchboard.grace" $ | int) .scaleDown.pauseSeconds) 1800 -}}
{{- fail "Kubernetes counts removals over half an hour at most: lower drain.withinSeconds or autoscaling.scaleDown.pauseSeconds" -}}
{{- end -}}
{{- if and .cpuPercent (not (dig "requests" "cpu" "" $.Values.resources)) -}}
{{- fail "autoscaling.cpuPercent is a part of the CPU request: set resources.requests.cpu" -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "switchboard.validateRoutes" -}}
{{- range $port := list "agents" "api" -}}
{{- $ingress := get $.Values.ingress $port -}}
{{- if and $ingress.enabled (not $ingress.host) -}}
{{- fail (printf "an Ingress without a host takes every request: set ingress.%s.host" $port) -}}
{{- end -}}
{{- $route := get $.Values.httpRoute $port -}}
{{- if and $route.enabled (not (and $route.parentRefs $route.hostnames)) -}}
{{- fail (printf "a route needs a Gateway and a name: set httpRoute.%s.parentRefs and httpRoute.%s.hostnames" $port $port) -}}
{{- end -}}
{{- end -}}
{{- with .Values.agents -}}
{{- if and .perPod.enabled (not .perPod.domain) -}}
{{- fail "no name leads to a single node: set agents.perPod.domain" -}}
{{- end -}}
{{- if and .perPod.enabled .publicUrl -}}
{{- fail "agents.perPod sets the nodes' URLs: remove agents.publicUrl" -}}
{{- end -}}
{{- if and .publicUrl (not (regexMatch "\\$\\((POD_NAME|POD_IP|HOST_IP)\\)" .publicUrl)) -}}
{{- fail "every node would have the same URL: put $(POD_NAME), $(POD_IP) or $(HOST_IP) into agents.publicUrl" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "switchboard.validateNetworkPolicy" -}}
{{- with .Values -}}
{{- if .networkPolicy.enabled -}}
{{- if and .serviceMonitor.enabled (not .networkPolicy.managementFrom) -}}
{{- fail "Prometheus could not reach the nodes: set networkPolicy.managementFrom" -}}
{{- end -}}
{{- if and (or .ingress.api.enabled .httpRoute.api.enabled) (not .networkPolicy.apiFrom) -}}
{{- fail "the proxy of the API could not reach the nodes: set networkPolicy.apiFrom" -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
