// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <memory>
#include <string>

// Certificates for tests: an authority made on the spot and what it signs, as PEM files in a
// folder. Thread safety: none.
namespace catena::tests {

class CertificateAuthority {
 public:
  CertificateAuthority(std::string folder, const std::string& name)
      : folder_(std::move(folder)),
        key_(make_key()),
        certificate_(make(name, *key_, *key_, nullptr)) {
    write(folder_ + "/" + name + ".pem", certificate_.get(), nullptr);
    file = folder_ + "/" + name + ".pem";
  }

  // FOLDER/NAME.pem and FOLDER/NAME.key. `valid_days` below zero: expired.
  void issue(const std::string& name, int valid_days = 2) {
    const auto key = make_key();
    const auto certificate = make(name, *key, *key_, certificate_.get(), valid_days);
    write(folder_ + "/" + name + ".pem", certificate.get(), nullptr);
    write(folder_ + "/" + name + ".key", nullptr, key.get());
  }

  std::string file;

 private:
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

  static Key make_key() { return {EVP_EC_gen("P-256"), &EVP_PKEY_free}; }

  static void extend(X509& certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, &certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    X509_add_ext(&certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }

  static Certificate make(const std::string& name, EVP_PKEY& key, EVP_PKEY& signer, X509* issuer,
                          int valid_days = 2) {
    static long serial = 1;
    Certificate certificate(X509_new(), &X509_free);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
    constexpr long kDay = 24L * 3600;
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -30 * kDay);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), valid_days * kDay);
    X509_set_pubkey(certificate.get(), &key);
    X509_NAME* const subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate.get(),
                         issuer == nullptr ? subject : X509_get_subject_name(issuer));
    if (issuer == nullptr) {
      extend(*certificate, certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
      extend(*certificate, certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    } else {
      extend(*certificate, issuer, NID_subject_alt_name, "DNS:" + name + ",IP:127.0.0.1");
    }
    X509_sign(certificate.get(), &signer, EVP_sha256());
    return certificate;
  }

  static void write(const std::string& path, X509* certificate, EVP_PKEY* key) {
    std::FILE* const file = std::fopen(path.c_str(), "w");
    if (certificate != nullptr) PEM_write_X509(file, certificate);
    if (key != nullptr) PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    ::chmod(path.c_str(), 0600);
  }

  std::string folder_;
  Key key_;
  Certificate certificate_;
};

}  // namespace catena::tests
