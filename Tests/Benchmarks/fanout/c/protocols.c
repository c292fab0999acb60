#define _GNU_SOURCE  // memrchr
#include "protocols.h"

#include "cwp.h"
#include "frames.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t eventBytes = 80;

void bench_refuse(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "bench: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
    exit(1);
}

// MARK: What is published where the bytes are the publisher's own: an EVENT frame of CWP/1

static size_t write_event(uint8_t *out) {
    static uint64_t sequence;
    frame_write_header(out, eventBytes - frameHeaderBytes, frameEvent, 0, 1);
    write_number(out + frameHeaderBytes, frameSequenceBytes, ++sequence);
    for (size_t i = frameHeaderBytes + frameSequenceBytes; i < eventBytes; i++)
        out[i] = (uint8_t)(i * 7 + 1);
    return eventBytes;
}

static void take_event(Subscription *subscription, const uint8_t *bytes, size_t count) {
    if (count != eventBytes || bytes[3] != frameEvent ||
        bytes[count - 1] != (uint8_t)((count - 1) * 7 + 1))
        bench_refuse("an event is not what was published");
    follow(subscription, read_number(bytes + frameHeaderBytes, frameSequenceBytes), 1);
}

// MARK: The floor

static size_t raw_open(uint8_t *out, int isPublisher) {
    (void)out;
    (void)isPublisher;
    return 0;
}

static Arrival raw_read(Subscription *subscription, const uint8_t *bytes, size_t count) {
    Arrival arrival = {0};
    if (count < frameHeaderBytes) return arrival;
    size_t frameBytes = frameHeaderBytes + read_number(bytes, 3);
    if (count < frameBytes) return arrival;
    arrival.bytes = frameBytes;
    if (bytes[3] == frameHello) {
        subscription->isReady = 1;
    } else {
        take_event(subscription, bytes, frameBytes);
        arrival.events = 1;
    }
    return arrival;
}

// MARK: NATS (https://docs.nats.io/reference/reference-protocols/nats-protocol)

static size_t nats_open(uint8_t *out, int isPublisher) {
    return (size_t)sprintf(
        (char *)out,
        "CONNECT {\"verbose\":false,\"pedantic\":false,\"tls_required\":true,\"echo\":false,"
        "\"lang\":\"c\",\"version\":\"1\",\"protocol\":1}\r\n%sPING\r\n",
        isPublisher ? "" : "SUB event 1\r\n");
}

static size_t nats_publish(uint8_t *out) {
    int prefix = sprintf((char *)out, "PUB event %zu\r\n", eventBytes);
    size_t end = (size_t)prefix + write_event(out + prefix);
    memcpy(out + end, "\r\n", 2);
    return end + 2;
}

static Arrival nats_read(Subscription *subscription, const uint8_t *bytes, size_t count) {
    Arrival arrival = {0};
    const uint8_t *newline = memchr(bytes, '\n', count);
    if (!newline) return arrival;
    size_t lineBytes = (size_t)(newline - bytes) + 1;
    const char *line = (const char *)bytes;
    if (lineBytes > 4 && memcmp(line, "MSG ", 4) == 0) {
        const uint8_t *space = memrchr(bytes, ' ', lineBytes);
        size_t messageBytes = (size_t)atoi((const char *)space + 1);
        if (count < lineBytes + messageBytes + 2) return arrival;
        take_event(subscription, bytes + lineBytes, messageBytes);
        arrival.events = 1;
        arrival.bytes = lineBytes + messageBytes + 2;
        return arrival;
    }
    arrival.bytes = lineBytes;
    if (memcmp(line, "PING", 4) == 0) {
        arrival.respondBytes = (size_t)sprintf((char *)arrival.respond, "PONG\r\n");
    } else if (memcmp(line, "PONG", 4) == 0) {
        subscription->isReady = 1;
    } else if (memcmp(line, "INFO", 4) != 0) {
        bench_refuse("the server says %.*s", (int)lineBytes, line);
    }
    return arrival;
}

// MARK: MQTT 3.1.1, with a quality of service of 0

enum { mqttConnect = 0x10, mqttConnectAck = 0x20, mqttPublish = 0x30, mqttSubscribe = 0x82,
       mqttSubscribeAck = 0x90 };

static const uint8_t mqttTopic[] = {0, 5, 'e', 'v', 'e', 'n', 't'};

static size_t mqtt_open(uint8_t *out, int isPublisher) {
    static uint32_t clients;
    static const uint8_t settings[] = {0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0};
    char name[16];
    int nameBytes = sprintf(name, "c%u", ++clients);
    size_t end = 0;
    out[end++] = mqttConnect;
    out[end++] = (uint8_t)(sizeof settings + 2 + (size_t)nameBytes);
    memcpy(out + end, settings, sizeof settings);
    end += sizeof settings;
    write_number(out + end, 2, (uint64_t)nameBytes);
    memcpy(out + end + 2, name, (size_t)nameBytes);
    end += 2 + (size_t)nameBytes;
    if (isPublisher) return end;
    out[end++] = mqttSubscribe;
    out[end++] = 2 + sizeof mqttTopic + 1;
    write_number(out + end, 2, 1);
    memcpy(out + end + 2, mqttTopic, sizeof mqttTopic);
    end += 2 + sizeof mqttTopic;
    out[end++] = 0;
    return end;
}

static size_t mqtt_publish(uint8_t *out) {
    size_t end = 0;
    out[end++] = mqttPublish;
    end += write_varint(out + end, sizeof mqttTopic + eventBytes);
    memcpy(out + end, mqttTopic, sizeof mqttTopic);
    end += sizeof mqttTopic;
    return end + write_event(out + end);
}

static Arrival mqtt_read(Subscription *subscription, const uint8_t *bytes, size_t count) {
    Arrival arrival = {0};
    uint64_t bodyBytes;
    if (count < 2) return arrival;
    size_t lengthBytes = read_varint(bytes + 1, count - 1, &bodyBytes);
    if (lengthBytes == 0 || count < 1 + lengthBytes + bodyBytes) return arrival;
    const uint8_t *body = bytes + 1 + lengthBytes;
    arrival.bytes = 1 + lengthBytes + bodyBytes;
    switch (bytes[0]) {
    case mqttPublish:
        take_event(subscription, body + sizeof mqttTopic, bodyBytes - sizeof mqttTopic);
        arrival.events = 1;
        break;
    case mqttConnectAck:
        if (body[1] != 0) bench_refuse("the server refuses a client with %d", body[1]);
        break;
    case mqttSubscribeAck: subscription->isReady = 1; break;
    default: bench_refuse("the server sends a packet of type %02x", bytes[0]);
    }
    return arrival;
}

const Protocol *protocol_named(const char *name) {
    static const Protocol protocols[] = {
        {"cwp", "\x09" "cabinet/1", 0, 1, cwp_open, cwp_publish, cwp_read},
        {"raw", NULL, 0, 0, raw_open, write_event, raw_read},
        {"nats", NULL, 1, 0, nats_open, nats_publish, nats_read},
        {"mqtt", NULL, 0, 0, mqtt_open, mqtt_publish, mqtt_read},
    };
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++)
        if (strcmp(name, protocols[i].name) == 0) return &protocols[i];
    return NULL;
}
