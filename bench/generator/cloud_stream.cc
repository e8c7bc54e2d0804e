// SPDX-License-Identifier: Apache-2.0
#include "bench/generator/cloud_stream.h"

#include <array>

#include "bench/generator/template_text.h"

namespace catena::generator {
namespace {

constexpr std::array<std::string_view, 5> kUsers = {"deploy", "mia", "backup", "terraform", "noor"};
constexpr std::size_t kCallCount = 7;
constexpr std::size_t kAttackCount = 3;

}  // namespace

const CloudStream::Call CloudStream::kCalls[kCallCount] = {
    {"ec2.amazonaws.com", "DescribeInstances",
     R"({"instancesSet":{},"filterSet":{"items":[{"name":"tag:service","valueSet":{"items":[{"value":"{word}"}]}}]}})",
     "null", true},
    {"s3.amazonaws.com", "GetObject",
     R"({"bucketName":"nordwind-{word}","key":"{word}/{n}.parquet","Host":"nordwind-{word}.s3.eu-central-1.amazonaws.com"})",
     "null", true},
    {"sts.amazonaws.com", "AssumeRole",
     R"({"roleArn":"arn:aws:iam::123456789012:role/{word}-runner","roleSessionName":"{word}-{n}","durationSeconds":3600})",
     R"({"credentials":{"accessKeyId":"ASIA{hex}","expiration":"Jan 5, 2026, 9:00:00 AM"},"assumedRoleUser":{"arn":"arn:aws:sts::123456789012:assumed-role/{word}-runner/{n}"}})",
     true},
    {"kms.amazonaws.com", "Decrypt",
     R"({"encryptionContext":{"aws:s3:arn":"arn:aws:s3:::nordwind-{word}"},"encryptionAlgorithm":"SYMMETRIC_DEFAULT"})",
     "null", true},
    {"logs.amazonaws.com", "CreateLogStream",
     R"({"logGroupName":"/aws/lambda/{word}","logStreamName":"2026/01/05/[$LATEST]{hex}{hex}"})",
     "null", false},
    {"autoscaling.amazonaws.com", "DescribeAutoScalingGroups", R"({"maxRecords":100})", "null",
     true},
    {"ecr.amazonaws.com", "BatchGetImage",
     R"({"registryId":"123456789012","repositoryName":"nordwind/{word}","imageIds":[{"imageTag":"{n}"}]})",
     "null", true},
};

const CloudStream::Call CloudStream::kAttacks[kAttackCount] = {
    {"s3.amazonaws.com", "DeleteBucket", R"({"bucketName":"nordwind-{word}"})", "null", false},
    {"cloudtrail.amazonaws.com", "StopLogging", R"({"name":"nordwind-trail"})", "null", false},
    {"iam.amazonaws.com", "CreateAccessKey", R"({"userName":"svc-{word}"})",
     R"({"accessKey":{"userName":"svc-{word}","status":"Active","accessKeyId":"AKIA{hex}"}})",
     false},
};

void CloudStream::add_everyday(Timestamp time, std::string& out) {
  call(time, random_.pick(kCalls), "{ip}", out);
}

void CloudStream::add_attack(Timestamp time, std::string& out) {
  call(time, random_.pick(kAttacks), "{out}", out);
}

void CloudStream::call(Timestamp time, const Call& call, std::string_view address,
                       std::string& out) {
  const std::string user(random_.pick(kUsers));
  const auto fill = [&](std::string_view text) {
    return fill_template(text, {user, "nordwind"}, random_);
  };
  std::string moment = format_iso8601(time);
  moment.replace(19, std::string::npos, "Z");
  out += joined(
      {R"({"eventVersion":"1.09","userIdentity":{"type":"IAMUser","principalId":"AIDA)",
       random_.hex(16, true),
       R"(","arn":"arn:aws:iam::123456789012:user/)",
       user,
       R"(","accountId":"123456789012","accessKeyId":"AKIA)",
       random_.hex(16, true),
       R"(","userName":")",
       user,
       R"("},"eventTime":")",
       moment,
       R"(","eventSource":")",
       std::string(call.source),
       R"(","eventName":")",
       std::string(call.name),
       R"(","awsRegion":"eu-central-1","sourceIPAddress":")",
       fill(address),
       R"(","userAgent":"aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5 md/GOARCH#amd64","requestParameters":)",
       fill(call.parameters),
       R"(,"responseElements":)",
       fill(call.response),
       R"(,"requestID":")",
       random_.guid(),
       R"(","eventID":")",
       random_.guid(),
       R"(","readOnly":)",
       (call.read_only ? "true" : "false"),
       R"(,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"123456789012","eventCategory":"Management","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256"}})",
       "\n"});
}

}  // namespace catena::generator
